using EdgeRouter.Core.Metering;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Diagnostics;

/// <summary>Every log event of the gateway. None takes a prompt, a completion, a key or a path chosen by a caller.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(1, LogLevel.Debug, "The caller disconnected during {Method}.")]
    public static partial void CallerGone(ILogger logger, string method);

    [LoggerMessage(2, LogLevel.Error, "A request failed because of an internal error of the router.")]
    public static partial void Unhandled(ILogger logger, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "{Endpoint} failed: {Failure}, status {Status}.")]
    public static partial void AttemptFailed(ILogger logger, string endpoint, string failure, int? status);

    [LoggerMessage(4, LogLevel.Warning, "Endpoint statistics could not be read; the request was planned without them.")]
    public static partial void HealthIgnored(ILogger logger, Exception fault);

    [LoggerMessage(6, LogLevel.Warning, "Endpoint statistics could not be shared.")]
    public static partial void HealthNotShared(ILogger logger, Exception fault);

    [LoggerMessage(12, LogLevel.Information, "The catalog was reloaded: {Models} models are served.")]
    public static partial void CatalogReloaded(ILogger logger, int models);

    [LoggerMessage(13, LogLevel.Warning, "The catalog was not reloaded; the current one stays in force. {Faults}")]
    public static partial void CatalogNotReloaded(ILogger logger, string faults);

    [LoggerMessage(14, LogLevel.Warning, "A catalog file cannot be read; its last version stays in use. {Faults}")]
    public static partial void CatalogFileUnreachable(ILogger logger, string faults);

    [LoggerMessage(15, LogLevel.Information, "The catalog file {File} can be read again.")]
    public static partial void CatalogFileReachable(ILogger logger, string file);

    [LoggerMessage(29, LogLevel.Warning, "The catalog file {File} could not be copied into the store: while it cannot be read, no new instance can start.")]
    public static partial void CatalogCopyNotKept(ILogger logger, string file, Exception cause);

    [LoggerMessage(28, LogLevel.Error, "The catalog files could not be polled because of an internal error of the router. The next round polls again.")]
    public static partial void CatalogWatchFailed(ILogger logger, Exception exception);

    [LoggerMessage(24, LogLevel.Warning, "Provider {Provider} has a credential but does not serve: {Reason}")]
    public static partial void ProviderSkipped(ILogger logger, string provider, string reason);

    [LoggerMessage(10, LogLevel.Warning, "An attempt's result could not be added to its endpoint's statistics.")]
    public static partial void HealthNotKept(ILogger logger, Exception fault);

    [LoggerMessage(7, LogLevel.Warning, "{GenerationId} cost ${Cost}, more than the ${Hold} held for it. The whole cost is counted.")]
    public static partial void CostAboveHold(ILogger logger, string generationId, NanoDollars cost, NanoDollars hold);

    [LoggerMessage(25, LogLevel.Warning, "The usage that {Endpoint} reported for {GenerationId} cannot be true: {ReportedPrompt} prompt and "
        + "{ReportedCompletion} completion tokens. It is counted as {Prompt} and {Completion}.")]
    public static partial void UsageDisputed(ILogger logger, string generationId, string? endpoint, long reportedPrompt, long reportedCompletion, long prompt,
        long completion);

    [LoggerMessage(26, LogLevel.Error, "The audit log did not take {Action} of {Target}.")]
    public static partial void AuditNotKept(ILogger logger, string action, string target, Exception fault);

    [LoggerMessage(8, LogLevel.Warning, "The budget ledger could not be reached.")]
    public static partial void LedgerUnreachable(ILogger logger, Exception fault);

    [LoggerMessage(11, LogLevel.Warning,
        "The leases of this instance could not be returned before it stopped; what remains of them counts as spent after they expire.")]
    public static partial void LeasesNotReturned(ILogger logger, Exception fault);

    [LoggerMessage(9, LogLevel.Warning, "${Amount} of budget leases of crashed instances now count as spent.")]
    public static partial void LeasesForfeited(ILogger logger, NanoDollars amount);

    [LoggerMessage(5, LogLevel.Error, "The usage queue did not accept the record of {GenerationId}, which cost ${Cost}. It is lost.")]
    public static partial void RecordNotAccepted(ILogger logger, string generationId, NanoDollars cost, Exception exception);

    [LoggerMessage(20, LogLevel.Warning, "The record of {GenerationId} is not stored yet. The request ends; the record waits in memory.")]
    public static partial void RecordWaits(ILogger logger, string generationId);

    [LoggerMessage(21, LogLevel.Error, "Usage records cannot be stored: requests are {Treatment} until they can.")]
    public static partial void AccountingUnavailable(ILogger logger, string treatment, Exception fault);

    [LoggerMessage(22, LogLevel.Warning, "Usage records can be stored again.")]
    public static partial void AccountingAvailable(ILogger logger);
}
