using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Health.Snapshots;
using EdgeRouter.Core.Storage;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Selection;

/// <summary>
/// Shares the statistics of endpoints with the other instances, through the store: reads theirs at the start, so that a cold instance has some, then
/// writes and reads every ten seconds. While the store is unreachable, each instance keeps what it has. Endpoints that a reload removed from the
/// catalog are dropped.
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
            await TryAsync(ShareAsync, stoppingToken);
        }
    }

    private Task ShareAsync(CancellationToken stoppingToken)
    {
        ForgetRemovedEndpoints();
        return exchange.ExchangeAsync(stoppingToken);
    }

    private void ForgetRemovedEndpoints()
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
