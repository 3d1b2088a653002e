using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;

namespace EdgeRouter.Core.Routing.Orderings;

/// <summary>
/// Quality of tool calling first: good endpoints, then those without enough data, then those far behind their peers in throughput or tool calling.
/// Each tier is in the default order. Needs at least 4 endpoints to compare.
/// </summary>
public sealed class ExactoOrdering : IEndpointOrdering
{
    private const int MinPeers = 4;
    private const int MinRequests = 100;
    private const int MinToolAnswers = 200;
    private const double ThroughputDeviations = 1.5;
    private const double ToolCallDeviations = 2;
    private readonly DefaultOrdering withinTier = new();

    /// <inheritdoc/>
    public string Name => EndpointOrderingNames.Exacto;

    /// <inheritdoc/>
    public void Order(Span<Endpoint> endpoints, in OrderingContext context)
    {
        withinTier.Order(endpoints, context);
        if (endpoints.Length < MinPeers) return;
        var onStack = endpoints.Length <= StableSort.OnStack;
        Span<double> throughput = onStack ? stackalloc double[endpoints.Length] : new double[endpoints.Length];
        Span<double> toolCalls = onStack ? stackalloc double[endpoints.Length] : new double[endpoints.Length];
        Span<double> tiers = onStack ? stackalloc double[endpoints.Length] : new double[endpoints.Length];
        for (var i = 0; i < endpoints.Length; i++)
        {
            var figures = context.Health.Read(endpoints[i]);
            throughput[i] = figures.Quality.Requests >= MinRequests ? context.ThroughputOf(figures) : double.NaN;
            toolCalls[i] = ToolCallSuccess(figures.Quality);
        }
        var leastThroughput = PeerStatistics.LowerBound(throughput, ThroughputDeviations, MinPeers);
        var leastToolCalls = PeerStatistics.LowerBound(toolCalls, ToolCallDeviations, MinPeers);
        for (var i = 0; i < endpoints.Length; i++)
        {
            var tier = TierOf(throughput[i], toolCalls[i], leastThroughput, leastToolCalls);
            tiers[i] = (double)tier;
            context.Explanation?.Add(endpoints[i], tier switch
            {
                Tier.Good => "good tool calling",
                Tier.Insufficient => "not enough data on tool calling",
                _ => "far behind its peers in throughput or tool calling",
            });
        }
        StableSort.ByKey(tiers, endpoints);
    }

    private static double ToolCallSuccess(in QualityCounts quality) =>
        quality.ToolAnswers >= MinToolAnswers ? 1 - quality.BadToolAnswers / (double)quality.ToolAnswers : double.NaN;

    private static Tier TierOf(double throughput, double toolCalls, double leastThroughput, double leastToolCalls)
    {
        // NaN on either side never counts as below.
        if (throughput < leastThroughput || toolCalls < leastToolCalls) return Tier.Deprioritised;
        return double.IsNaN(throughput) || double.IsNaN(toolCalls) ? Tier.Insufficient : Tier.Good;
    }

    private enum Tier
    {
        Good,
        Insufficient,
        Deprioritised,
    }
}
