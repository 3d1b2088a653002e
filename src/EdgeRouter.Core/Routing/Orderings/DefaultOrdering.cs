using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;

namespace EdgeRouter.Core.Routing.Orderings;

/// <summary>
/// Balances load. Working endpoints come before degraded ones, and degraded ones before unstable ones. Among the working ones the cheapest are drawn
/// at random with weight 1/price², so that $1 comes before $3 nine times out of ten; the others follow by price. The draw uses exponential keys
/// (Efraimidis and Spirakis): sorting by -ln(u)/weight is drawing without replacement. Within a conversation u is a hash, which makes the same draw a
/// weighted rendezvous.
/// </summary>
public sealed class DefaultOrdering : IEndpointOrdering
{
    /// <summary>Endpoints that cost up to this many times the cheapest are drawn; beyond 1/16 of its weight the chance is negligible.</summary>
    private const double MaxPriceRatio = 4;

    /// <inheritdoc/>
    public string Name => EndpointOrderingNames.Default;

    /// <inheritdoc/>
    public void Order(Span<Endpoint> endpoints, in OrderingContext context)
    {
        if (endpoints.Length == 0) return;
        var onStack = endpoints.Length <= StableSort.OnStack;
        Span<double> costs = onStack ? stackalloc double[endpoints.Length] : new double[endpoints.Length];
        Span<double> keys = onStack ? stackalloc double[endpoints.Length] : new double[endpoints.Length];
        var best = Stability.Unstable;
        var cheapest = double.PositiveInfinity;
        for (var i = 0; i < endpoints.Length; i++)
        {
            costs[i] = context.Cost(endpoints[i]);
            var stability = StabilityOf(context.Health.Read(endpoints[i]));
            keys[i] = (double)stability;
            if (stability > best || (stability == best && costs[i] >= cheapest)) continue;
            best = stability;
            cheapest = costs[i];
        }
        for (var i = 0; i < endpoints.Length; i++) keys[i] = Key(endpoints[i], costs[i], cheapest, (Stability)keys[i], (double)best, context);
        StableSort.ByKey(keys, endpoints);
        var drawn = 0;
        while (drawn < keys.Length && keys[drawn] < (double)best * 2 + 1) drawn++;
        LoadBalancing.ChooseFirst(endpoints, drawn, context);
    }

    /// <summary>Twice the stability, plus a share below one for what is drawn, and between one and two for what is ranked by price.</summary>
    private static double Key(Endpoint endpoint, double cost, double cheapest, Stability stability, double best, in OrderingContext context)
    {
        var ratio = cheapest > 0 ? cost / cheapest : cost > 0 ? double.PositiveInfinity : 1;
        if ((double)stability == best && ratio <= MaxPriceRatio)
        {
            var drawn = -Math.Log(context.Draw(endpoint)) * ratio * ratio;
            context.Explanation?.Note(endpoint, cost, "usd",
                ratio == 1 ? "among the cheapest, weight 1" : $"among the cheapest, weight {1 / (ratio * ratio):0.###}");
            return (double)stability * 2 + drawn / (1 + drawn);
        }
        context.Explanation?.Note(endpoint, cost, "usd",
            stability == Stability.Stable ? "fallback by price" : $"{stability.ToString().ToLowerInvariant()}, behind those that work");
        return (double)stability * 2 + 1 + (double.IsInfinity(ratio) ? cost / (1 + cost) : ratio / (1 + ratio));
    }

    private static Stability StabilityOf(in HealthFigures figures)
    {
        if (figures.RecentOutage || figures.CapPressure >= 1 || figures.Uptime == UptimeClass.Down) return Stability.Unstable;
        return figures.Uptime == UptimeClass.Degraded ? Stability.Degraded : Stability.Stable;
    }

    private enum Stability
    {
        Stable,
        Degraded,
        Unstable,
    }
}
