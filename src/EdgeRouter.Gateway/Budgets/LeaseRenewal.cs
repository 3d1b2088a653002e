using EdgeRouter.Core.Budgets;
using Microsoft.Extensions.Hosting;

namespace EdgeRouter.Gateway.Budgets;

/// <summary>Renews this instance's leases while it lives, and gives them back when it stops, after the server has: what is not in flight then costs the budgets nothing.</summary>
internal sealed class LeaseRenewal(BudgetHolds holds, BudgetOptions options, TimeProvider time) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await holds.ReleaseAsync().WaitAsync(cancellationToken);
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
