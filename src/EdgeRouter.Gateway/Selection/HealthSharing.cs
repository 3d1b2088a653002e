using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Health.Snapshots;
using EdgeRouter.Core.Storage;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Selection;

/// <summary>
/// Shares what this instance knows of endpoints with the others, through the store: reads what they know at the start, so that a cold instance is not
/// blind, then writes and reads every ten seconds. While the store is away each instance goes on with what it has. Endpoints that a reload took out
/// of the catalog are forgotten.
/// </summary>
internal sealed class HealthSharing(ITableStore store, HealthRegistry registry, ICatalog catalog, TimeProvider time, ILogger<HealthSharing> log)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private readonly HealthExchange exchange = new(store, registry, catalog, Guid.NewGuid().ToString("N"));
    private CatalogSnapshot remembered = catalog.Current;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TryAsync(exchange.LoadAsync, stoppingToken);
        using var timer = new PeriodicTimer(Period, time);
        while (await NextAsync(timer, stoppingToken))
        {
            ForgetWhatIsGone();
            await TryAsync(exchange.ExchangeAsync, stoppingToken);
        }
    }

    private void ForgetWhatIsGone()
    {
        var current = catalog.Current;
        if (ReferenceEquals(current, remembered)) return;
        registry.Retain(current);
        remembered = current;
    }

    private static async ValueTask<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> share, CancellationToken stoppingToken)
    {
        try
        {
            await share(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
        catch (Exception fault)
        {
            GatewayLog.HealthNotShared(log, fault);
        }
    }
}
