using EdgeRouter.Core.Exports;

namespace EdgeRouter.Local;

/// <summary>Logs what went wrong with a part of an export.</summary>
internal sealed partial class ExportFaultLog(ILogger<MoneyExport> log) : IExportFaults
{
    public void Report(DateOnly day, string part, Exception cause) => LogFault(log, part, day, cause);

    [LoggerMessage(205, LogLevel.Error, "Part {Part} of the money records of {Day} has a fault. The other parts are exported.")]
    private static partial void LogFault(ILogger logger, string part, DateOnly day, Exception cause);
}
