namespace EdgeRouter.Core.Health.Snapshots;

/// <summary>What one instance knew at one moment. Immutable.</summary>
/// <param name="Instance">Name of the instance: unique to the process.</param>
/// <param name="Sequence">Grows with each snapshot of the instance; the same sequence means the same content.</param>
/// <param name="TakenAt">When, in ticks of UTC.</param>
/// <param name="Endpoints">By endpoint id.</param>
internal sealed record InstanceHealth(string Instance, long Sequence, long TakenAt, IReadOnlyDictionary<string, EndpointCounts> Endpoints)
{
    /// <summary>Takes it from the registry.</summary>
    public static InstanceHealth Capture(HealthRegistry registry, string instance, long sequence)
    {
        var endpoints = new Dictionary<string, EndpointCounts>(StringComparer.Ordinal);
        foreach (var endpoint in registry.All)
            if (endpoint.Capture() is { } counts) endpoints.Add(endpoint.EndpointId, counts);
        return new InstanceHealth(instance, sequence, registry.Clock.Now, endpoints);
    }
}
