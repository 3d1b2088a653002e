using EdgeRouter.Core.Usage.Sweeping;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions;

/// <summary>Logs rows that the sweep of roll-ups cannot read.</summary>
internal sealed class UnreadableDayLog(ILogger<RollupSweep> log) : IUnreadableDays
{
    public void Report(string partition, DateOnly day, Exception cause) => FunctionsLog.DayUnreadable(log, partition, day, cause);
}
