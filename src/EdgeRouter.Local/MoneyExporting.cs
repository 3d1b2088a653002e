using EdgeRouter.Core.Exports;
using EdgeRouter.Core.Storage;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Configuration;

namespace EdgeRouter.Local;

/// <summary>Exports the money records of closed days: looks every hour whether there is one.</summary>
internal sealed partial class MoneyExporting(MoneyExport export, TimeProvider time, ILogger<MoneyExporting> log) : BackgroundService
{
    private const string FilePrefix = "file:";
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>Adds it, if a target is set.</summary>
    /// <exception cref="SettingsException">The local host has no such target.</exception>
    public static void Add(IServiceCollection services, RouterSettings settings, ITableStore tables, KeyRing keys)
    {
        if (settings.ExportTarget is not { } target) return;
        if (!target.StartsWith(FilePrefix, StringComparison.Ordinal) || target.Length == FilePrefix.Length)
            throw new SettingsException(["EdgeRouter__Export__Target: expected file:<folder> on the local host"]);
        services.AddSingleton(provider => new MoneyExport(tables, new ExportFolder(Path.GetFullPath(target[FilePrefix.Length..])), keys.Limits,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IExportFaults>()));
        services.AddSingleton<IExportFaults, ExportFaultLog>();
        services.AddHostedService<MoneyExporting>();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do await ExportAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task ExportAsync(CancellationToken stoppingToken)
    {
        try
        {
            var report = await export.RunAsync(stoppingToken);
            if (report.Days > 0) LogExported(log, report.Days, report.Rows, report.Files);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault)
        {
            // A row that cannot be read must not stop the router: the next round tries again.
            LogFailed(log, fault);
        }
    }

    [LoggerMessage(203, LogLevel.Information, "Money records were exported: {Days} days completed, {Rows} rows in {Files} files.")]
    private static partial void LogExported(ILogger logger, int days, long rows, int files);

    [LoggerMessage(204, LogLevel.Error, "Money records could not be exported; the next try is in an hour.")]
    private static partial void LogFailed(ILogger logger, Exception fault);
}
