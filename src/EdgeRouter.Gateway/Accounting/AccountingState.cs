using EdgeRouter.Core.Usage;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Accounting;

/// <summary>Whether the router can account for what it serves, and what follows from that. Logs each change once. Thread-safe.</summary>
internal sealed class AccountingState(IUsageQueue queue, RouterSettings settings, ILogger<AccountingState> log)
{
    private const int Available = 0;
    private const int Unavailable = 1;
    private int known = Available;

    /// <summary>Whether records can be made durable.</summary>
    public bool IsAvailable => Look().Fault is null;

    /// <summary>
    /// Whether a request that calls a model may begin. Where the settings say that requests are served without accounting, they are as long as there is
    /// room for their records in memory.
    /// </summary>
    public bool Admits
    {
        get
        {
            var state = Look();
            return state.Fault is null || (settings.ServesWithoutAccounting && !state.IsFull);
        }
    }

    private UsageQueueState Look()
    {
        var state = queue.State;
        var now = state.Fault is null ? Available : Unavailable;
        if (Volatile.Read(ref known) == now || Interlocked.Exchange(ref known, now) == now) return state;
        if (state.Fault is { } fault) GatewayLog.AccountingUnavailable(log, settings.ServesWithoutAccounting ? "served" : "refused", fault);
        else GatewayLog.AccountingAvailable(log);
        return state;
    }
}
