using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Affinity;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>
/// When a second attempt starts in parallel. If no token arrives within the endpoint's p95 time to first token, a second attempt starts. The loser
/// costs money, so only a limited share of the requests may hedge, and none with a long prompt. Thread-safe.
/// </summary>
internal sealed class Hedging(HedgingSettings settings, HealthRegistry health, PromptAffinity affinity, ILogger<Hedging> log)
{
    /// <summary>Burst: hedges that may follow each other at once, and that a new instance starts with.</summary>
    private const int Burst = 5;

    private const long PerHedge = 1_000_000;
    private readonly long perRequest = (long)(settings.Share * PerHedge);
    private long allowance = settings.Share > 0 ? Burst * PerHedge : 0;

    /// <summary>A request that may hedge has arrived: it adds its share of a hedge to the allowance.</summary>
    public void Earn()
    {
        while (true)
        {
            var had = Volatile.Read(ref allowance);
            if (had >= Burst * PerHedge || Interlocked.CompareExchange(ref allowance, Math.Min(had + perRequest, Burst * PerHedge), had) == had) return;
        }
    }

    /// <summary>Takes a hedge from the allowance; false: none is left.</summary>
    public bool TrySpend()
    {
        while (true)
        {
            var had = Volatile.Read(ref allowance);
            if (had < PerHedge) return false;
            if (Interlocked.CompareExchange(ref allowance, had - PerHedge, had) == had) return true;
        }
    }

    /// <summary>Whether operator and caller permit a second attempt, and the prompt is short enough to be charged twice.</summary>
    public bool IsPermitted(RequestFacts request) =>
        settings.Enabled && request.Preferences.Hedge != false && request.Operation.EstimateSent(request).PromptTotal <= settings.MaxPromptTokens;

    /// <summary>
    /// How long <paramref name="asked"/> may be silent; infinite: it is never hedged. When statistics fail, the fault is logged and the configured
    /// delay applies.
    /// </summary>
    public TimeSpan Delay(RequestFacts request, Endpoint asked)
    {
        if (!IsPermitted(request)) return Timeout.InfiniteTimeSpan;
        try
        {
            if (affinity.IsWarm(request, asked)) return Timeout.InfiniteTimeSpan;
            // How long a whole answer takes depends on its length, which is not known yet.
            return request.Stream ? Learned(asked) : settings.Delay;
        }
        catch (Exception fault)
        {
            GatewayLog.HealthIgnored(log, fault);
            return settings.Delay;
        }
    }

    private TimeSpan Learned(Endpoint asked)
    {
        var slow = health.Find(asked.Id)?.Read().SlowFirstTokenSeconds ?? double.NaN;
        return double.IsNaN(slow) ? settings.Delay : TimeSpan.FromSeconds(Math.Max(slow, settings.LeastDelay.TotalSeconds));
    }
}
