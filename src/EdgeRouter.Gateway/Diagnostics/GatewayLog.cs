using EdgeRouter.Core.Metering;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Diagnostics;

/// <summary>Every log event of the gateway. None takes a prompt, a completion, a key or a path chosen by a caller.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(1, LogLevel.Debug, "The caller left during {Method}.")]
    public static partial void CallerLeft(ILogger logger, string method);

    [LoggerMessage(2, LogLevel.Error, "A request failed because of a fault of the router itself.")]
    public static partial void Unhandled(ILogger logger, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "{Endpoint} failed: {Failure}, status {Status}.")]
    public static partial void AttemptFailed(ILogger logger, string endpoint, string failure, int? status);

    [LoggerMessage(4, LogLevel.Warning, "Endpoint statistics failed; a request was planned without them.")]
    public static partial void HealthIgnored(ILogger logger, Exception fault);

    [LoggerMessage(6, LogLevel.Warning, "Endpoint statistics could not be shared.")]
    public static partial void HealthNotShared(ILogger logger, Exception fault);

    [LoggerMessage(12, LogLevel.Information, "The catalog was reloaded: {Models} models are served.")]
    public static partial void CatalogReloaded(ILogger logger, int models);

    [LoggerMessage(13, LogLevel.Warning, "The catalog was not reloaded; the current one stays in force. {Faults}")]
    public static partial void CatalogNotReloaded(ILogger logger, string faults);

    [LoggerMessage(10, LogLevel.Warning, "An attempt's result could not be added to its endpoint's statistics.")]
    public static partial void HealthNotKept(ILogger logger, Exception fault);

    [LoggerMessage(7, LogLevel.Warning, "{GenerationId} cost ${Cost}, more than the ${Hold} held for it. The whole cost is counted.")]
    public static partial void CostAboveHold(ILogger logger, string generationId, NanoDollars cost, NanoDollars hold);

    [LoggerMessage(20, LogLevel.Warning, "The usage that {Endpoint} reported for {GenerationId} cannot be true: {ReportedPrompt} prompt and "
        + "{ReportedCompletion} completion tokens. It is counted as {Prompt} and {Completion}.")]
    public static partial void UsageDisputed(ILogger logger, string generationId, string? endpoint, long reportedPrompt, long reportedCompletion, long prompt,
        long completion);

    [LoggerMessage(21, LogLevel.Error, "The audit log did not take {Action} of {Target}.")]
    public static partial void AuditNotKept(ILogger logger, string action, string target, Exception fault);

    [LoggerMessage(8, LogLevel.Warning, "The budget ledger could not be reached.")]
    public static partial void LedgerAway(ILogger logger, Exception fault);

    [LoggerMessage(11, LogLevel.Warning,
        "The leases of this instance could not be returned before it stopped; the rest of them counts as spent once they expire.")]
    public static partial void LeasesNotReturned(ILogger logger, Exception fault);

    [LoggerMessage(9, LogLevel.Warning, "${Amount} of leases of crashed instances now count as spent.")]
    public static partial void LeasesForfeited(ILogger logger, NanoDollars amount);

    [LoggerMessage(5, LogLevel.Error, "The usage queue did not accept the record of {GenerationId}.")]
    public static partial void RecordNotAccepted(ILogger logger, string generationId, Exception exception);
}
