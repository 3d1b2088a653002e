using EdgeRouter.Core.Exports;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions;

/// <summary>Logs what went wrong with a part of an export.</summary>
internal sealed class ExportFaultLog(ILogger<MoneyExport> log) : IExportFaults
{
    public void Report(DateOnly day, string part, Exception cause) => FunctionsLog.ExportFault(log, part, day, cause);
}
