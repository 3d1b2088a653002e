using EdgeRouter.Core.Metering;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions;

/// <summary>Every log event of this host. None takes a prompt, a completion, a key or a path chosen by a caller.</summary>
internal static partial class FunctionsLog
{
    [LoggerMessage(101, LogLevel.Error, "A request failed outside the gateway's own error handling.")]
    public static partial void RequestFailed(ILogger logger, Exception exception);

    [LoggerMessage(102, LogLevel.Warning, "Service Bus cannot be reached: usage records go to the journal on this instance until it can be reached again.")]
    public static partial void BusUnreachable(ILogger logger, Exception cause);

    [LoggerMessage(103, LogLevel.Warning, "Service Bus can be reached again.")]
    public static partial void BusReachable(ILogger logger);

    [LoggerMessage(104, LogLevel.Warning, "An earlier process left {Records} usage records in the journal; they are being sent.")]
    public static partial void JournalFound(ILogger logger, int records);

    [LoggerMessage(105, LogLevel.Error, "A damaged usage journal was skipped: {Reason}")]
    public static partial void JournalRefused(ILogger logger, string reason);

    [LoggerMessage(121, LogLevel.Warning, "A usage journal is not safe: {Warning}")]
    public static partial void JournalUnsafe(ILogger logger, string warning);

    [LoggerMessage(106, LogLevel.Error, "Usage message {MessageId} cannot be read and was moved to the dead-letter queue: {Reason}")]
    public static partial void Unreadable(ILogger logger, string messageId, string reason);

    [LoggerMessage(107, LogLevel.Warning, "Usage records cannot be written: the tables cannot be reached. The messages are retried.")]
    public static partial void StoreUnreachable(ILogger logger, Exception cause);

    [LoggerMessage(108, LogLevel.Error, "Usage message {MessageId} cannot be written.")]
    public static partial void NotWritten(ILogger logger, string messageId, Exception cause);

    [LoggerMessage(109, LogLevel.Warning,
        "Usage message {MessageId} could not be completed and will be delivered again. Records that are already written are not counted twice.")]
    public static partial void NotCompleted(ILogger logger, string messageId, Exception cause);

    [LoggerMessage(110, LogLevel.Warning, "Warm-up: could not connect to {Target}.")]
    public static partial void NotWarm(ILogger logger, string target, Exception? cause);

    [LoggerMessage(111, LogLevel.Information,
        "Roll-ups of closed days were compared with {Records} records. {Unfinished} parts of days are left for the next run.")]
    public static partial void Swept(ILogger logger, long records, int unfinished);

    [LoggerMessage(112, LogLevel.Warning,
        "{Rollups} roll-ups counted less than their records and were corrected. Possible cause: tables were copied, or rows deleted.")]
    public static partial void RollupsCorrected(ILogger logger, int rollups);

    [LoggerMessage(113, LogLevel.Error, "{Rollups} roll-ups count more than their records and were not changed. Possible cause: records were deleted.")]
    public static partial void RollupsExcessive(ILogger logger, int rollups);

    [LoggerMessage(114, LogLevel.Information, "The statistics of {Instances} stopped instances were merged.")]
    public static partial void PastHealthMerged(ILogger logger, int instances);

    [LoggerMessage(115, LogLevel.Warning, "${Amount} of budget leases of crashed instances now count as spent.")]
    public static partial void LeasesForfeited(ILogger logger, NanoDollars amount);

    [LoggerMessage(116, LogLevel.Error,
        "Usage message {MessageId} cannot be written to the tables without Service Bus. "
        + "It stays in the journal on this instance until Service Bus can be reached again.")]
    public static partial void NotHandedOver(ILogger logger, string messageId, Exception cause);

    [LoggerMessage(117, LogLevel.Error,
        "The roll-ups of {Day} in partition {Partition} cannot be checked: a row cannot be read. The next run tries again.")]
    public static partial void DayUnreadable(ILogger logger, string partition, DateOnly day, Exception cause);

    [LoggerMessage(118, LogLevel.Error,
        "{Setting} is not set, so this timer does not run. Expected six fields (second, minute, hour, day, month, day of week), such as 0 */10 * * * *.")]
    public static partial void NoSchedule(ILogger logger, string setting);

    // The alert on failing requests (infra/modules/failing-requests.kql) knows it by its first words.
    [LoggerMessage(120, LogLevel.Information, "The caller left, or the host cancelled the invocation, before the answer was complete.")]
    public static partial void CallerDisconnected(ILogger logger);

    [LoggerMessage(122, LogLevel.Information,
        "Money records were exported: {Days} days completed, {Rows} rows in {Files} files. {Unfinished} days are left for the next run.")]
    public static partial void Exported(ILogger logger, int days, long rows, int files, int unfinished);

    [LoggerMessage(123, LogLevel.Error, "Money records could not be exported; the next run continues.")]
    public static partial void NotExported(ILogger logger, Exception cause);

    [LoggerMessage(125, LogLevel.Error, "Part {Part} of the money records of {Day} has a fault. The other parts are exported.")]
    public static partial void ExportFault(ILogger logger, string part, DateOnly day, Exception cause);

    [LoggerMessage(124, LogLevel.Information, "EdgeRouter__Export__Target is not set: money records are not exported, so lost tables cannot be restored.")]
    public static partial void NoExport(ILogger logger);

    [LoggerMessage(119, LogLevel.Information, "{Records} generation records were deleted because of their age.")]
    public static partial void RecordsDeleted(ILogger logger, long records);
}
