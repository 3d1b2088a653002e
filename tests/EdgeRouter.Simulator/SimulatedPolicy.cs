using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing;

namespace EdgeRouter.Simulator;

/// <summary>A way to route that is compared.</summary>
/// <param name="Name">Name in the table, and of the ordering.</param>
/// <param name="UsesHealth">Whether statistics, breakers and caps are heeded; false: as a gateway that keeps none.</param>
public sealed record SimulatedPolicy(string Name, bool UsesHealth)
{
    /// <summary>All that are compared.</summary>
    public static IReadOnlyList<SimulatedPolicy> All { get; } =
        [new(EndpointOrderingNames.Default, true), new(EndpointOrderingNames.Value, true), new(PowerOfTwoOrdering.OrderingName, true),
            new(RoundRobinOrdering.OrderingName, false)];
}

/// <summary>Two candidates at random, the less loaded first; then the others at random. Blind to prices.</summary>
internal sealed class PowerOfTwoOrdering : IEndpointOrdering
{
    public const string OrderingName = "p2c";

    public string Name => OrderingName;

    public void Order(Span<Endpoint> endpoints, in OrderingContext context)
    {
        context.Random.Shuffle(endpoints);
        if (endpoints.Length > 1 && context.Health.Read(endpoints[1]).Load < context.Health.Read(endpoints[0]).Load)
            (endpoints[0], endpoints[1]) = (endpoints[1], endpoints[0]);
    }
}

/// <summary>One after another. Knows nothing. An instance of its own for each simulated router, since it counts.</summary>
internal sealed class RoundRobinOrdering : IEndpointOrdering
{
    public const string OrderingName = "round-robin";
    private int turn;

    public string Name => OrderingName;

    public void Order(Span<Endpoint> endpoints, in OrderingContext context)
    {
        var by = turn++ % endpoints.Length;
        var copy = endpoints.ToArray();
        for (var i = 0; i < copy.Length; i++) endpoints[i] = copy[(i + by) % copy.Length];
    }
}
