using EdgeRouter.Core.Exports;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions;

/// <summary>
/// Exports the money records of closed days: see <see cref="MoneyExport"/>. Regions that share tables may run it at the same time. One instance per
/// invocation.
/// </summary>
/// <param name="exports">The export; none when no target is set.</param>
/// <param name="log">Log.</param>
public sealed class MoneyExportFunction(IEnumerable<MoneyExport> exports, ILogger<MoneyExportFunction> log)
{
    /// <summary>Name of the setting with the schedule; the Functions host reads it.</summary>
    internal const string Schedule = "MoneyExportSchedule";

    /// <summary>Runs once. Throws <see cref="Core.Storage.StorageUnavailableException"/>: the next run continues where this one ended.</summary>
    /// <param name="timer">Not used; the attribute needs a parameter.</param>
    /// <param name="cancellationToken">The instance stops.</param>
    [Function("money-export")]
    public async Task RunAsync([TimerTrigger($"%{Schedule}%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        foreach (var export in exports)
        {
            try
            {
                var report = await export.RunAsync(cancellationToken);
                FunctionsLog.Exported(log, report.Days, report.Rows, report.Files, report.Unfinished);
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                FunctionsLog.NotExported(log, fault);
                throw;
            }
        }
    }
}
