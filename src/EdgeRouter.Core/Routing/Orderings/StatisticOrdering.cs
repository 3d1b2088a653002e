using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;

namespace EdgeRouter.Core.Routing.Orderings;

/// <summary>Strictly by a statistic of the last 5 minutes. Endpoints that nobody has tried stand behind; ties stand in the default order.</summary>
/// <param name="name">Name of the ordering.</param>
/// <param name="unit">What the statistic counts.</param>
/// <param name="key">The statistic, lower is better; NaN: not known.</param>
internal sealed class StatisticOrdering(string name, string unit, Func<HealthFigures, double> key) : IEndpointOrdering
{
    private readonly DefaultOrdering ties = new();

    /// <summary>By median throughput.</summary>
    public static readonly StatisticOrdering Throughput = new(EndpointOrderingNames.Throughput, "tokens_per_second",
        static figures => -figures.TokensPerSecond);

    /// <summary>By median time to the first token.</summary>
    public static readonly StatisticOrdering Latency = new(EndpointOrderingNames.Latency, "seconds", static figures => figures.FirstTokenSeconds);

    public string Name => name;

    public void Order(Span<Endpoint> endpoints, in OrderingContext context)
    {
        ties.Order(endpoints, context);
        Span<double> keys = endpoints.Length <= StableSort.OnStack ? stackalloc double[endpoints.Length] : new double[endpoints.Length];
        for (var i = 0; i < endpoints.Length; i++)
        {
            keys[i] = key(context.Health.Read(endpoints[i]));
            context.Explanation?.Note(endpoints[i], Math.Abs(keys[i]), unit, double.IsNaN(keys[i]) ? "not measured yet" : "median of 5 minutes");
        }
        StableSort.ByKey(keys, endpoints);
    }
}
