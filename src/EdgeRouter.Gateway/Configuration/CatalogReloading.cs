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
        foreach (var file in watched)
            if (file.StartFault is { } fault && away.Add(file)) GatewayLog.CatalogFileAway(log, fault.Message);
        var unkept = new HashSet<ICatalogFile>();
        await KeepAsync(watched, unkept, stoppingToken);
        using var timer = new PeriodicTimer(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(watched, away, unkept, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task LookAsync(ICatalogFile[] watched, HashSet<ICatalogFile> away, HashSet<ICatalogFile> unkept, CancellationToken stoppingToken)
    {
        try
        {
            var changed = false;
            foreach (var file in watched) changed |= await HasChangedAsync(file, away, stoppingToken);
            // Only what the router could load is kept for its next start.
            if (changed ? TryReload() : unkept.Count > 0) await KeepAsync(watched, unkept, stoppingToken);
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

    /// <summary>Logs once that a file is not kept; it is tried again at the next look.</summary>
    private async Task KeepAsync(ICatalogFile[] watched, HashSet<ICatalogFile> unkept, CancellationToken stoppingToken)
    {
        foreach (var file in watched)
        {
            try
            {
                await file.KeepAsync(files.Copies, stoppingToken);
                unkept.Remove(file);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                if (unkept.Add(file)) GatewayLog.CatalogCopyNotKept(log, file.Name, fault);
            }
        }
    }

    /// <summary>False: the current catalog stays in force.</summary>
    private bool TryReload()
    {
        var before = catalog.Current.SkippedProviders;
        var errors = catalog.Reload();
        if (errors.Count == 0) GatewayLog.CatalogReloaded(log, catalog.Current.Models.Count);
        else GatewayLog.CatalogNotReloaded(log, new CatalogException(errors).Message);
        WarnOfSkipped(before);
        return errors.Count == 0;
    }

    /// <summary>Logs providers that are skipped, once each while they stay so.</summary>
    private void WarnOfSkipped(IReadOnlyList<CatalogError> known)
    {
        foreach (var skipped in catalog.Current.SkippedProviders.Except(known)) GatewayLog.ProviderSkipped(log, skipped.Path, skipped.Expectation);
    }
}
