using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Routing.Orderings;

/// <summary>
/// Strictly by a statistic of the last 5 minutes. Endpoints without measurements come last; endpoints with equal values are in the default order.
/// </summary>
public abstract class StatisticOrdering : IEndpointOrdering
{
    private readonly DefaultOrdering ties = new();

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public void Order(Span<Endpoint> endpoints, in OrderingContext context)
    {
        ties.Order(endpoints, context);
        var unit = UnitOf(context);
        Span<double> keys = endpoints.Length <= StableSort.OnStack ? stackalloc double[endpoints.Length] : new double[endpoints.Length];
        for (var i = 0; i < endpoints.Length; i++)
        {
            keys[i] = KeyOf(context.Health.Read(endpoints[i]), context);
            context.Explanation?.Note(endpoints[i], Math.Abs(keys[i]), unit, double.IsNaN(keys[i]) ? "not measured yet" : "median of 5 minutes");
        }
        StableSort.ByKey(keys, endpoints);
    }

    /// <summary>The statistic; lower is better, NaN: not known.</summary>
    private protected abstract double KeyOf(in HealthFigures figures, in OrderingContext context);

    /// <summary>Unit of the statistic, for explanations.</summary>
    private protected abstract string UnitOf(in OrderingContext context);
}

/// <summary>By median throughput, highest first.</summary>
public sealed class ThroughputOrdering : StatisticOrdering
{
    /// <inheritdoc/>
    public override string Name => EndpointOrderingNames.Throughput;

    private protected override double KeyOf(in HealthFigures figures, in OrderingContext context) => -context.ThroughputOf(figures);

    private protected override string UnitOf(in OrderingContext context) => OutputUnits.NameOfThroughput(context.Request.Operation.OutputUnit);
}

/// <summary>By median time to the first token, shortest first.</summary>
public sealed class LatencyOrdering : StatisticOrdering
{
    /// <inheritdoc/>
    public override string Name => EndpointOrderingNames.Latency;

    private protected override double KeyOf(in HealthFigures figures, in OrderingContext context) => figures.FirstTokenSeconds;

    private protected override string UnitOf(in OrderingContext context) => "seconds";
}
