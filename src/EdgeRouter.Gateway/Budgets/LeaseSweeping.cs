using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Metering;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Budgets;

/// <summary>Sweeps the leases of crashed instances at intervals. For hosts without a timer that runs once for all instances.</summary>
public sealed class LeaseSweeping(BudgetSweep sweep, KeyRing keys, TimeProvider time, ILogger<LeaseSweeping> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(15);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do await SweepAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task SweepAsync(CancellationToken stoppingToken)
    {
        try
        {
            var forfeited = await sweep.SweepAsync(keys.Limits, stoppingToken);
            if (forfeited > NanoDollars.Zero) GatewayLog.LeasesForfeited(log, forfeited);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault)
        {
            // A row that cannot be read must not stop the router: the next round tries again.
            GatewayLog.LedgerUnreachable(log, fault);
        }
    }
}
