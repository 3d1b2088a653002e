using EdgeRouter.Core.Budgets;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Budgets;

/// <summary>Renews this instance's leases while it lives, and gives them back when it stops, after the server has: what is not in flight then costs the budgets nothing.</summary>
internal sealed class LeaseRenewal(BudgetHolds holds, BudgetOptions options, TimeProvider time, ILogger<LeaseRenewal> log) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await holds.ReleaseAsync().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException fault)
        {
            // The ledger cannot be reached and the host will not wait: the leases expire by themselves and count as spent until they are swept.
            GatewayLog.LeasesNotReturned(log, fault);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.RenewalPeriod, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await holds.RenewAsync();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}
