using System.Runtime.InteropServices;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;

namespace EdgeRouter.Core.Routing;

/// <summary>
/// Moves candidates behind the others without removing any: those that miss a performance cut-off, and those that must not be called now. Keeps the
/// order on both sides.
/// </summary>
internal static class Demotion
{
    /// <summary>
    /// Candidates that miss <c>preferred_min_throughput</c> or <c>preferred_max_latency</c> go behind those that meet it, of whichever model.
    /// An endpoint without statistics meets it.
    /// </summary>
    public static void ApplyCutoffs(PlanScratch plan, in OrderingContext context)
    {
        var wishes = context.Request.Preferences;
        if (wishes.PreferredMaxLatency is null && wishes.PreferredMinThroughput is null) return;
        foreach (var endpoint in CollectionsMarshal.AsSpan(plan.Candidates))
        {
            var statistics = context.Health.Statistics(endpoint, context.Request.Operation.OutputUnit);
            if (Misses(statistics?.FirstTokenSeconds, wishes.PreferredMaxLatency, static (value, bound) => value > bound))
                PutAside(plan, endpoint, context, "misses preferred_max_latency");
            else if (Misses(statistics?.Throughput, wishes.PreferredMinThroughput, static (value, bound) => value < bound))
                PutAside(plan, endpoint, context, "misses preferred_min_throughput");
        }
        PutBehind(plan);
    }

    /// <summary>Candidates that must not be called now go last. Returns the index of the first of them.</summary>
    public static int ApplyBreakers(PlanScratch plan, in OrderingContext context)
    {
        if (!context.Health.HasStatistics) return plan.Candidates.Count;
        foreach (var endpoint in CollectionsMarshal.AsSpan(plan.Candidates))
        {
            var figures = context.Health.Read(endpoint);
            if (figures.BlockedUntil > 0)
                PutAside(plan, endpoint, context,
                    figures.Breaker == BreakerState.Open ? "last resort: its breaker is open" : "last resort: the provider asked to wait");
        }
        return plan.Candidates.Count - PutBehind(plan);
    }

    private static bool Misses(HealthPercentiles? values, PercentileBounds? bounds, Func<double, double, bool> isWorse) =>
        values is { } value && bounds is not null
        && ((bounds.P50 is { } p50 && isWorse(value.P50, p50)) || (bounds.P75 is { } p75 && isWorse(value.P75, p75))
            || (bounds.P90 is { } p90 && isWorse(value.P90, p90)) || (bounds.P99 is { } p99 && isWorse(value.P99, p99)));

    private static void PutAside(PlanScratch plan, Endpoint endpoint, in OrderingContext context, string reason)
    {
        plan.Aside.Add(endpoint);
        context.Explanation?.Add(endpoint, reason);
    }

    /// <summary>Moves the candidates that were put aside behind the others; returns how many.</summary>
    private static int PutBehind(PlanScratch plan)
    {
        var moved = plan.Aside.Count;
        if (moved == 0) return 0;
        var candidates = CollectionsMarshal.AsSpan(plan.Candidates);
        var (kept, aside) = (0, 0);
        foreach (var endpoint in candidates)
        {
            if (aside < moved && ReferenceEquals(plan.Aside[aside], endpoint)) aside++;
            else candidates[kept++] = endpoint;
        }
        CollectionsMarshal.AsSpan(plan.Aside).CopyTo(candidates[kept..]);
        plan.Aside.Clear();
        return moved;
    }
}
