using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Routing;

/// <summary>What an ordering may read of the endpoints' health. Read-only. Without a registry every endpoint counts as untried.</summary>
public readonly struct HealthView(HealthRegistry? registry)
{
    /// <summary>Figures of an untried endpoint.</summary>
    public static readonly HealthFigures Untried = new()
    {
        FirstTokenSeconds = double.NaN,
        SlowFirstTokenSeconds = double.NaN,
        Throughput = Throughput.Unknown,
        SuccessRate = 0.98
    };

    /// <summary>No statistics.</summary>
    public static HealthView None => default;

    /// <summary>False: there are no statistics at all.</summary>
    public bool HasStatistics => registry is not null;

    /// <summary>The endpoint's figures.</summary>
    public HealthFigures Read(Endpoint endpoint) => registry?.Find(endpoint.Id) is { } health ? health.Read() : Untried;

    /// <summary>The endpoint's statistics over 5 minutes, all instances together; null: none.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="unit">Unit of the throughput.</param>
    public WindowStatistics? Statistics(Endpoint endpoint, OutputUnit unit) => registry?.Find(endpoint.Id)?.Statistics(HealthWindow.FiveMinutes, unit);

    /// <summary>Now, in ticks of the health clock; 0: there is none.</summary>
    public long Now => registry?.Clock.Now ?? 0;
}
