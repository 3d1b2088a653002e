using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing.Orderings;

/// <summary>Chooses the first endpoint among the best of an ordering that spreads load. Stateless.</summary>
internal static class LoadBalancing
{
    /// <summary>Endpoints whose costs differ by at most this share count as equal.</summary>
    private const double EqualCost = 0.01;

    /// <summary>Attempts in flight up to which affinity ignores load.</summary>
    private const int LoadIgnoredByAffinity = 8;

    /// <summary>
    /// Chooses the first of the <paramref name="front"/> endpoints: the one with the warm cache if it costs no more than the drawn one; within a
    /// conversation the next one in its order while the first has more than twice the mean load; otherwise the less loaded of two endpoints of equal
    /// cost.
    /// </summary>
    public static void ChooseFirst(Span<Endpoint> endpoints, int front, in OrderingContext context)
    {
        if (front < 2) return;
        if (context.WarmEndpoint is not null && PreferWarm(endpoints[..front], context)) return;
        if (context.Conversation != 0) BoundLoad(endpoints[..front], context);
        else ChooseOfTwo(endpoints, context);
    }

    private static bool PreferWarm(Span<Endpoint> front, in OrderingContext context)
    {
        for (var i = 0; i < front.Length; i++)
        {
            if (!context.IsWarm(front[i])) continue;
            if (context.Cost(front[i]) > context.Cost(front[0])) return false;
            StableSort.MoveToFront(front, i);
            context.Explanation?.Add(front[0], $"has {context.WarmTokens} tokens of the prompt in its cache");
            return true;
        }
        return false;
    }

    private static void BoundLoad(Span<Endpoint> front, in OrderingContext context)
    {
        var sum = 0;
        foreach (var endpoint in front) sum += context.Health.Read(endpoint).InFlight;
        var most = Math.Max(LoadIgnoredByAffinity, 2 * sum / front.Length);
        for (var i = 0; i < front.Length; i++)
        {
            if (context.Health.Read(front[i]).InFlight > most) continue;
            if (i > 0) context.Explanation?.Add(front[i], "the conversation's endpoint has too much load");
            StableSort.MoveToFront(front, i);
            return;
        }
    }

    /// <summary>Power of two choices: of two drawn endpoints of equal cost, the one with the lower product of peak latency and load goes first.</summary>
    private static void ChooseOfTwo(Span<Endpoint> endpoints, in OrderingContext context)
    {
        var (first, second) = (context.Cost(endpoints[0]), context.Cost(endpoints[1]));
        if (Math.Abs(first - second) > EqualCost * Math.Max(first, second)) return;
        if (context.Health.Read(endpoints[1]).Load >= context.Health.Read(endpoints[0]).Load) return;
        (endpoints[0], endpoints[1]) = (endpoints[1], endpoints[0]);
        context.Explanation?.Add(endpoints[0], "less loaded than an endpoint of equal cost");
    }
}
