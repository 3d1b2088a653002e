using EdgeRouter.Core.Catalog;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Configuration;

/// <summary>
/// Reloads the catalog when one of the operator's files changes. A file that is wrong, is just being written, or cannot be reached changes nothing: its
/// faults are logged and the current catalog stays in force. A reload that failed is tried again at every look until one succeeds, since what made it fail
/// may pass without another change of a file.
/// </summary>
internal sealed class CatalogReloading(ReloadableCatalog catalog, CatalogFileSet files, TimeProvider time, ILogger<CatalogReloading> log) : BackgroundService
{
    private readonly Lock gate = new();
    private string? told;

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
        var isDue = false;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) isDue = await LookAsync(watched, isDue, away, unkept, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    /// <summary>True: a change has not come into force yet.</summary>
    private async Task<bool> LookAsync(ICatalogFile[] watched, bool isDue, HashSet<ICatalogFile> away, HashSet<ICatalogFile> unkept,
        CancellationToken stoppingToken)
    {
        try
        {
            foreach (var file in watched) isDue |= await HasChangedAsync(file, away, stoppingToken);
            var reloaded = isDue && TryReload();
            if (reloaded) isDue = false;
            // Only what the router could load is kept for its next start.
            if (reloaded || (!isDue && unkept.Count > 0)) await KeepAsync(watched, unkept, stoppingToken);
        }
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
        {
            // Whatever it was must neither stop the router nor end the watch: the next round looks again.
            GatewayLog.CatalogWatchFailed(log, fault);
        }
        return isDue;
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

    /// <summary>False: the current catalog stays in force. The same faults are logged once.</summary>
    private bool TryReload()
    {
        lock (gate)
        {
            var before = catalog.Current.SkippedProviders;
            var errors = catalog.Reload();
            if (errors.Count == 0)
            {
                told = null;
                GatewayLog.CatalogReloaded(log, catalog.Current.Models.Count);
            }
            else if (new CatalogException(errors).Message is var message && message != told)
            {
                told = message;
                GatewayLog.CatalogNotReloaded(log, message);
            }
            WarnOfSkipped(before);
            return errors.Count == 0;
        }
    }

    /// <summary>Logs providers that are skipped, once each while they stay so.</summary>
    private void WarnOfSkipped(IReadOnlyList<CatalogError> known)
    {
        foreach (var skipped in catalog.Current.SkippedProviders.Except(known)) GatewayLog.ProviderSkipped(log, skipped.Path, skipped.Expectation);
    }
}
