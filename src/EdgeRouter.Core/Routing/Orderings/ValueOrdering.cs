using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing.Orderings;

/// <summary>
/// Least expected dollars per request: price with the expected cache hits, plus the cost of waiting for the first token and for the answer, plus the
/// cost of failures and rate limits, by <see cref="ValueWeights"/>. The first is chosen at random among the best, with a probability that falls with
/// the score, so that not all instances choose the same endpoint. A small share of requests explores.
/// </summary>
public sealed class ValueOrdering : IEndpointOrdering
{
    /// <summary>The draw is among endpoints within this share of the best: 5 times the default fall-off, where the chance is 1 in 150.</summary>
    private const double Near = 0.25;

    /// <summary>An endpoint that costs more than this many times the best is not explored: information about it is not worth the price.</summary>
    private const double MaxExploredCostRatio = 4;

    /// <summary>Share of the learned cap above which the rate limit adds to the cost.</summary>
    private const double PressureThreshold = 0.7;

    /// <summary>Lowest assumed chance of failure of an endpoint with an outage in the last 30 seconds.</summary>
    private const double OutageFailure = 0.5;

    private const double UntriedSeconds = 1;

    /// <inheritdoc/>
    public string Name => EndpointOrderingNames.Value;

    /// <inheritdoc/>
    public void Order(Span<Endpoint> endpoints, in OrderingContext context)
    {
        if (endpoints.Length == 0) return;
        Span<double> scores = endpoints.Length <= StableSort.OnStack ? stackalloc double[endpoints.Length] : new double[endpoints.Length];
        var untried = ExpectationOfUntried(endpoints, context);
        for (var i = 0; i < endpoints.Length; i++)
        {
            var parts = PartsOf(endpoints[i], untried, context);
            scores[i] = parts.Sum;
            context.Explanation?.Note(endpoints[i], parts.Sum, "usd", parts.ToString());
        }
        StableSort.ByKey(scores, endpoints);
        if (Explore(endpoints, scores, context)) return;
        var near = 1;
        while (near < scores.Length && scores[near] <= scores[0] * (1 + Near)) near++;
        DrawFirst(endpoints[..near], scores[..near], context);
        if (scores.Length > 1) LoadBalancing.ChooseFirst(endpoints, near, context);
    }

    /// <summary>The expected costs of a request at an endpoint.</summary>
    internal static ValueParts PartsOf(Endpoint endpoint, in (double Seconds, double Throughput) untried, in OrderingContext context)
    {
        var figures = context.Health.Read(endpoint);
        var weights = context.Weights;
        var wait = double.IsNaN(figures.FirstTokenSeconds) ? untried.Seconds : figures.FirstTokenSeconds;
        var measured = context.ThroughputOf(figures);
        var speed = double.IsNaN(measured) ? untried.Throughput : measured;
        var output = context.Request.Operation.ExpectedOutput(context.Request);
        var failure = figures.RecentOutage ? Math.Max(1 - figures.SuccessRate, OutageFailure) : 1 - figures.SuccessRate;
        var pressure = Math.Max(0, figures.CapPressure - PressureThreshold) / (1 - PressureThreshold);
        return new ValueParts(
            Price: context.Cost(endpoint),
            Waiting: weights.FirstTokenSecond * wait,
            Generating: output > 0 ? weights.GenerationSecond * output / speed : 0,
            Failing: failure * (weights.Failure + weights.FirstTokenSecond * wait),
            Limits: weights.RateLimit * (figures.RateLimitedShare + pressure * pressure));
    }

    /// <summary>Expectation for an untried endpoint: the mean of its peers.</summary>
    private static (double Seconds, double Throughput) ExpectationOfUntried(ReadOnlySpan<Endpoint> endpoints, in OrderingContext context)
    {
        double seconds = 0, speeds = 0;
        int waits = 0, rates = 0;
        foreach (var endpoint in endpoints)
        {
            var figures = context.Health.Read(endpoint);
            if (!double.IsNaN(figures.FirstTokenSeconds)) (seconds, waits) = (seconds + figures.FirstTokenSeconds, waits + 1);
            if (context.ThroughputOf(figures) is var speed && !double.IsNaN(speed)) (speeds, rates) = (speeds + speed, rates + 1);
        }
        return (waits == 0 ? UntriedSeconds : seconds / waits, rates == 0 ? context.Request.Operation.UsualThroughput : speeds / rates);
    }

    /// <summary>
    /// A small share of requests goes to another endpoint that works. Not within a conversation: its cache is worth more than what would be learned.
    /// </summary>
    private static bool Explore(Span<Endpoint> endpoints, ReadOnlySpan<double> scores, in OrderingContext context)
    {
        if (endpoints.Length < 2 || context.Conversation != 0 || context.Random.NextDouble() >= context.Weights.Exploration) return false;
        var most = scores[0] * MaxExploredCostRatio;
        var eligible = 0;
        for (var i = 1; i < endpoints.Length; i++)
            if (IsWorthExploring(endpoints[i], scores[i], most, context)) eligible++;
        if (eligible == 0) return false;
        var chosen = context.Random.Next(eligible);
        for (var i = 1; i < endpoints.Length; i++)
        {
            if (!IsWorthExploring(endpoints[i], scores[i], most, context) || chosen-- > 0) continue;
            StableSort.MoveToFront(endpoints, i);
            context.Explanation?.Add(endpoints[0], "explored");
            return true;
        }
        return false;
    }

    private static bool IsWorthExploring(Endpoint endpoint, double score, double most, in OrderingContext context) =>
        score <= most && context.Health.Read(endpoint) is { RecentOutage: false, CapPressure: < 1 };

    /// <summary>Chooses the first with weight exp(-(score - best) / fall-off); the others keep the order of their scores.</summary>
    private static void DrawFirst(Span<Endpoint> near, ReadOnlySpan<double> scores, in OrderingContext context)
    {
        if (near.Length < 2) return;
        var scale = scores[0] * context.Weights.FallOff;
        var (first, least) = (0, double.PositiveInfinity);
        for (var i = 0; i < near.Length; i++)
        {
            var weight = scale > 0 ? Math.Exp((scores[0] - scores[i]) / scale) : 1;
            var key = -Math.Log(context.Draw(near[i])) / weight;
            if (key < least) (first, least) = (i, key);
        }
        if (first == 0) return;
        StableSort.MoveToFront(near, first);
        context.Explanation?.Add(near[0], "chosen at random among the best");
    }
}

/// <summary>What a request is expected to cost at an endpoint, in USD.</summary>
internal readonly record struct ValueParts(double Price, double Waiting, double Generating, double Failing, double Limits)
{
    public double Sum => Price + Waiting + Generating + Failing + Limits;

    public override string ToString() =>
        $"price {Price:0.000000} + first token {Waiting:0.000000} + answer {Generating:0.000000} + failures {Failing:0.000000} + rate limits {Limits:0.000000}";
}
