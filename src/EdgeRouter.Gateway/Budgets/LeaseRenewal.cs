using EdgeRouter.Core.Budgets;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Budgets;

/// <summary>
/// Renews this instance's leases while it runs and returns them when it stops, so that only what is in flight counts as spent. It returns them twice,
/// because it may be stopped before the server, as on Azure Functions: at once, because the host does not wait for long, and again when everything
/// has stopped, for the requests that ended in between.
/// </summary>
internal sealed class LeaseRenewal(BudgetHolds holds, BudgetOptions options, TimeProvider time, ILogger<LeaseRenewal> log) : BackgroundService,
    IHostedLifecycleService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await ReleaseAsync(cancellationToken);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => ReleaseAsync(cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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

    private async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await holds.ReleaseAsync().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException fault)
        {
            // The ledger cannot be reached and the host does not wait: the leases expire by themselves and count as spent until they are swept.
            GatewayLog.LeasesNotReturned(log, fault);
        }
    }
}
