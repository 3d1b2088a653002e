using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;

namespace EdgeRouter.Core.Routing.Orderings;

/// <summary>
/// Strictly by a statistic of the last 5 minutes. Endpoints without measurements come last; endpoints with equal values are in the default order.
/// </summary>
/// <param name="unit">Unit of the statistic, for explanations.</param>
public abstract class StatisticOrdering(string unit) : IEndpointOrdering
{
    private readonly DefaultOrdering ties = new();

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public void Order(Span<Endpoint> endpoints, in OrderingContext context)
    {
        ties.Order(endpoints, context);
        Span<double> keys = endpoints.Length <= StableSort.OnStack ? stackalloc double[endpoints.Length] : new double[endpoints.Length];
        for (var i = 0; i < endpoints.Length; i++)
        {
            keys[i] = KeyOf(context.Health.Read(endpoints[i]));
            context.Explanation?.Note(endpoints[i], Math.Abs(keys[i]), unit, double.IsNaN(keys[i]) ? "not measured yet" : "median of 5 minutes");
        }
        StableSort.ByKey(keys, endpoints);
    }

    /// <summary>The statistic; lower is better, NaN: not known.</summary>
    private protected abstract double KeyOf(in HealthFigures figures);
}

/// <summary>By median throughput, highest first.</summary>
public sealed class ThroughputOrdering() : StatisticOrdering("tokens_per_second")
{
    /// <inheritdoc/>
    public override string Name => EndpointOrderingNames.Throughput;

    private protected override double KeyOf(in HealthFigures figures) => -figures.TokensPerSecond;
}

/// <summary>By median time to the first token, shortest first.</summary>
public sealed class LatencyOrdering() : StatisticOrdering("seconds")
{
    /// <inheritdoc/>
    public override string Name => EndpointOrderingNames.Latency;

    private protected override double KeyOf(in HealthFigures figures) => figures.FirstTokenSeconds;
}
