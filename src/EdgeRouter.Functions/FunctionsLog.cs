using EdgeRouter.Core.Metering;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions;

/// <summary>Every log event of this host. None takes a prompt, a completion, a key or a path chosen by a caller.</summary>
internal static partial class FunctionsLog
{
    [LoggerMessage(101, LogLevel.Error, "A request failed outside the gateway's own error handling.")]
    public static partial void RequestFailed(ILogger logger, Exception exception);

    [LoggerMessage(102, LogLevel.Warning, "Service Bus cannot be reached: usage records go to the journal on this machine until it is back.")]
    public static partial void BusAway(ILogger logger, Exception cause);

    [LoggerMessage(103, LogLevel.Warning, "Service Bus is back.")]
    public static partial void BusBack(ILogger logger);

    [LoggerMessage(104, LogLevel.Warning, "An earlier process left {Records} usage records in the journal; they are being sent.")]
    public static partial void JournalFound(ILogger logger, int records);

    [LoggerMessage(105, LogLevel.Error, "A usage journal was passed over: {Reason}")]
    public static partial void JournalRefused(ILogger logger, string reason);

    [LoggerMessage(120, LogLevel.Warning, "A usage journal is not safe: {Warning}")]
    public static partial void JournalUnsafe(ILogger logger, string warning);

    [LoggerMessage(106, LogLevel.Error, "Usage message {MessageId} cannot be read and goes to the dead letters: {Reason}")]
    public static partial void Unreadable(ILogger logger, string messageId, string reason);

    [LoggerMessage(107, LogLevel.Warning, "Usage cannot be written now.")]
    public static partial void StoreAway(ILogger logger, Exception cause);

    [LoggerMessage(108, LogLevel.Error, "Usage message {MessageId} cannot be written.")]
    public static partial void NotWritten(ILogger logger, string messageId, Exception cause);

    [LoggerMessage(109, LogLevel.Warning, "Usage message {MessageId} could not be settled and will come again; what is written is not counted twice.")]
    public static partial void NotSettled(ILogger logger, string messageId, Exception cause);

    [LoggerMessage(110, LogLevel.Warning, "Warming up: no connection to {Target}.")]
    public static partial void NotWarm(ILogger logger, string target, Exception? cause);

    [LoggerMessage(111, LogLevel.Information,
        "Roll-ups of closed days were held against {Records} records; {Unfinished} parts of days are left to the next run.")]
    public static partial void Swept(ILogger logger, long records, int unfinished);

    [LoggerMessage(112, LogLevel.Warning, "{Rollups} roll-ups counted less than their records and were set right. Were tables copied or rows deleted?")]
    public static partial void RollupsMended(ILogger logger, int rollups);

    [LoggerMessage(113, LogLevel.Error, "{Rollups} roll-ups count more than their records and were left so. Were records deleted?")]
    public static partial void RollupsExcessive(ILogger logger, int rollups);

    [LoggerMessage(114, LogLevel.Information, "The statistics of {Instances} instances that are gone were kept.")]
    public static partial void HealthTakenIn(ILogger logger, int instances);

    [LoggerMessage(115, LogLevel.Warning, "${Amount} of budget leases whose holders are gone now count as spent.")]
    public static partial void LeasesForfeited(ILogger logger, NanoDollars amount);

    [LoggerMessage(116, LogLevel.Error,
        "Usage message {MessageId} cannot be written to the tables without Service Bus and stays in the journal on this machine until it is back.")]
    public static partial void NotHandedOver(ILogger logger, string messageId, Exception cause);

    [LoggerMessage(117, LogLevel.Error,
        "The roll-ups of {Day} in partition {Partition} cannot be held against their records: a row there cannot be read. They are left to the next run.")]
    public static partial void DayUnreadable(ILogger logger, string partition, DateOnly day, Exception cause);

    [LoggerMessage(118, LogLevel.Error,
        "{Setting}: expected when the timer runs: second, minute, hour, day, month, day of the week, such as 0 */10 * * * *. It does not run.")]
    public static partial void NoSchedule(ILogger logger, string setting);

    // The alert on failing requests (infra/modules/failing-requests.kql) knows it by its first words.
    [LoggerMessage(120, LogLevel.Information, "The caller left, or the host cancelled the invocation, before the answer was whole.")]
    public static partial void CallerLeft(ILogger logger);

    [LoggerMessage(119, LogLevel.Information, "{Records} generation records were deleted because of their age.")]
    public static partial void RecordsDeleted(ILogger logger, long records);
}
