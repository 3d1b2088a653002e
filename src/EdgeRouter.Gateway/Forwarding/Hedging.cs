using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing.Affinity;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>
/// When an attempt that says nothing gets a second one beside it. A stream is silent for too long past the 95th percentile of its endpoint's times to
/// the first token; the loser costs money, so a bounded share of the requests may hedge, and none whose prompt is dear to send twice. Thread-safe.
/// </summary>
internal sealed class Hedging(HedgingSettings settings, HealthRegistry health, PromptAffinity affinity, ILogger<Hedging> log)
{
    /// <summary>Hedges that may follow each other at once, and that a new instance starts with.</summary>
    private const int Burst = 5;

    private const long PerHedge = 1_000_000;
    private readonly long perRequest = (long)(settings.Share * PerHedge);
    private long purse = settings.Share > 0 ? Burst * PerHedge : 0;

    /// <summary>A request has come that may hedge: it earns its share of a hedge for whoever needs one.</summary>
    public void Earn()
    {
        while (true)
        {
            var had = Volatile.Read(ref purse);
            if (had >= Burst * PerHedge || Interlocked.CompareExchange(ref purse, Math.Min(had + perRequest, Burst * PerHedge), had) == had) return;
        }
    }

    /// <summary>Takes a hedge out of the purse; false: there is none.</summary>
    public bool TrySpend()
    {
        while (true)
        {
            var had = Volatile.Read(ref purse);
            if (had < PerHedge) return false;
            if (Interlocked.CompareExchange(ref purse, had - PerHedge, had) == had) return true;
        }
    }

    /// <summary>
    /// How long <paramref name="asked"/> may say nothing; infinite: as long as it likes. Statistics that fail are logged, and the set time holds.
    /// </summary>
    public TimeSpan Delay(GatewayRequest request, Endpoint asked)
    {
        var routing = request.Routing!;
        if (!settings.Enabled || routing.Preferences.Hedge == false || routing.EstimatedPromptTokens > settings.MaxPromptTokens)
            return Timeout.InfiniteTimeSpan;
        try
        {
            if (affinity.IsWarm(routing, asked)) return Timeout.InfiniteTimeSpan;
            // How long a whole answer takes depends on its length, which nobody knows yet.
            return routing.Stream ? Learned(asked) : settings.Delay;
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
