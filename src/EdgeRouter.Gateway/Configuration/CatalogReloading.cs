using EdgeRouter.Core.Catalog;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Configuration;

/// <summary>
/// Reloads the catalog when one of the operator's files changes. Checks their times and sizes every few seconds, which works on network shares and in
/// containers, where notifications do not arrive. A file that is wrong, or is just being written, changes nothing: its faults are logged and the
/// current catalog stays in force.
/// </summary>
internal sealed class CatalogReloading(ReloadableCatalog catalog, RouterSettings settings, TimeProvider time, ILogger<CatalogReloading> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private readonly (DateTime Written, long Length)[] seen = Look(settings);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        WarnOfSkipped([]);
        if (settings.CatalogFiles.Count == 0) return;
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) ReloadIfChanged();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private void ReloadIfChanged()
    {
        var now = Look(settings);
        if (now.AsSpan().SequenceEqual(seen)) return;
        now.CopyTo(seen, 0);
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

    /// <summary>A missing file gets a time and length that no file has.</summary>
    private static (DateTime Written, long Length)[] Look(RouterSettings settings) =>
        [.. settings.CatalogFiles.Select(path => new FileInfo(path))
            .Select(file => file.Exists ? (file.LastWriteTimeUtc, file.Length) : (DateTime.MinValue, -1))];
}
