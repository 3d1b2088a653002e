using EdgeRouter.Core.Catalog;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Configuration;

/// <summary>
/// Reloads the catalog when one of the operator's files changes. A file that is wrong, is just being written, or cannot be reached changes nothing: its
/// faults are logged and the current catalog stays in force.
/// </summary>
internal sealed class CatalogReloading(ReloadableCatalog catalog, CatalogFileSet files, TimeProvider time, ILogger<CatalogReloading> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        WarnOfSkipped([]);
        return Task.WhenAll(files.Files.GroupBy(static file => file.Period).Select(group => WatchAsync([.. group], group.Key, stoppingToken)));
    }

    private async Task WatchAsync(ICatalogFile[] watched, TimeSpan period, CancellationToken stoppingToken)
    {
        var away = new HashSet<ICatalogFile>();
        using var timer = new PeriodicTimer(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(watched, away, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task LookAsync(ICatalogFile[] watched, HashSet<ICatalogFile> away, CancellationToken stoppingToken)
    {
        try
        {
            var changed = false;
            foreach (var file in watched) changed |= await HasChangedAsync(file, away, stoppingToken);
            if (changed) Reload();
        }
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
        {
            // Whatever it was must neither stop the router nor end the watch: the next round looks again.
            GatewayLog.CatalogWatchFailed(log, fault);
        }
    }

    /// <summary>Logs once that a file cannot be reached, and once that it can be again.</summary>
    private async ValueTask<bool> HasChangedAsync(ICatalogFile file, HashSet<ICatalogFile> away, CancellationToken stoppingToken)
    {
        try
        {
            var changed = await file.LookAsync(stoppingToken);
            if (away.Remove(file)) GatewayLog.CatalogFileBack(log, file.Name);
            return changed;
        }
        catch (CatalogException fault)
        {
            if (away.Add(file)) GatewayLog.CatalogFileAway(log, fault.Message);
            return false;
        }
    }

    private void Reload()
    {
        var before = catalog.Current.SkippedProviders;
        var errors = catalog.Reload();
        if (errors.Count == 0) GatewayLog.CatalogReloaded(log, catalog.Current.Models.Count);
        else GatewayLog.CatalogNotReloaded(log, new CatalogException(errors).Message);
        WarnOfSkipped(before);
    }

    /// <summary>Logs providers that are skipped, once each while they stay so.</summary>
    private void WarnOfSkipped(IReadOnlyList<CatalogError> known)
    {
        foreach (var skipped in catalog.Current.SkippedProviders.Except(known)) GatewayLog.ProviderSkipped(log, skipped.Path, skipped.Expectation);
    }
}
