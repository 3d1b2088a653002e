using EdgeRouter.Core.Catalog;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Configuration;

/// <summary>
/// Reloads the catalog when one of the operator's files changes. A file that is wrong, is just being written, or cannot be reached changes nothing: its
/// faults are logged and the current catalog stays in force. A failed reload is tried again at every poll until one succeeds, since its
/// cause may pass without another change of a file.
/// </summary>
internal sealed class CatalogReloading(ReloadableCatalog catalog, CatalogFileSet files, TimeProvider time, ILogger<CatalogReloading> log) : BackgroundService
{
    private readonly Lock gate = new();
    private string? lastLogged;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        WarnOfSkipped([]);
        return Task.WhenAll(files.Files.GroupBy(static file => file.Period).Select(group => WatchAsync([.. group], group.Key, stoppingToken)));
    }

    private async Task WatchAsync(ICatalogFile[] watched, TimeSpan period, CancellationToken stoppingToken)
    {
        var unreachable = new HashSet<ICatalogFile>();
        foreach (var file in watched)
            if (file.LoadedFromCopyBecause is { } fault && unreachable.Add(file)) GatewayLog.CatalogFileUnreachable(log, fault.Message);
        var notCopied = new HashSet<ICatalogFile>();
        await KeepAsync(watched, notCopied, stoppingToken);
        using var timer = new PeriodicTimer(period, time);
        var isDue = false;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) isDue = await PollAsync(watched, isDue, unreachable, notCopied, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    /// <summary>True: a change has not come into force yet.</summary>
    private async Task<bool> PollAsync(ICatalogFile[] watched, bool isDue, HashSet<ICatalogFile> unreachable, HashSet<ICatalogFile> notCopied,
        CancellationToken stoppingToken)
    {
        try
        {
            foreach (var file in watched) isDue |= await HasChangedAsync(file, unreachable, stoppingToken);
            var reloaded = isDue && TryReload();
            if (reloaded) isDue = false;
            // Only what the router could load is kept for its next start.
            if (reloaded || (!isDue && notCopied.Count > 0)) await KeepAsync(watched, notCopied, stoppingToken);
        }
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
        {
            // Whatever it was must neither stop the router nor end the watch: the next round polls again.
            GatewayLog.CatalogWatchFailed(log, fault);
        }
        return isDue;
    }

    /// <summary>Logs once that a file cannot be reached, and once that it can be again.</summary>
    private async ValueTask<bool> HasChangedAsync(ICatalogFile file, HashSet<ICatalogFile> unreachable, CancellationToken stoppingToken)
    {
        try
        {
            var changed = await file.CheckForChangeAsync(stoppingToken);
            if (unreachable.Remove(file)) GatewayLog.CatalogFileReachable(log, file.Name);
            return changed;
        }
        catch (CatalogException fault)
        {
            if (unreachable.Add(file)) GatewayLog.CatalogFileUnreachable(log, fault.Message);
            return false;
        }
    }

    /// <summary>Logs once that the copy of a file is not stored; it is tried again at the next poll.</summary>
    private async Task KeepAsync(ICatalogFile[] watched, HashSet<ICatalogFile> notCopied, CancellationToken stoppingToken)
    {
        foreach (var file in watched)
        {
            try
            {
                await file.KeepAsync(files.Copies, stoppingToken);
                notCopied.Remove(file);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                if (notCopied.Add(file)) GatewayLog.CatalogCopyNotKept(log, file.Name, fault);
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
                lastLogged = null;
                GatewayLog.CatalogReloaded(log, catalog.Current.Models.Count);
            }
            else if (new CatalogException(errors).Message is var message && message != lastLogged)
            {
                lastLogged = message;
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
