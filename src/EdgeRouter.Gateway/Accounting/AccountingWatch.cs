using Microsoft.Extensions.Hosting;

namespace EdgeRouter.Gateway.Accounting;

/// <summary>Looks at the accounting every second, so that a change is in the log also while no request comes.</summary>
internal sealed class AccountingWatch(AccountingState accounting, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do _ = accounting.IsAvailable;
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}
