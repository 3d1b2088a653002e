using System.Globalization;
using EdgeRouter.Core.Governance.Audit;
using EdgeRouter.Core.Metering;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Metering;

/// <summary>
/// Raises usage that cannot be true: a warning in the log, and an audit event by which an operator finds the record. The record itself has what the
/// provider reported. Thread-safe.
/// </summary>
internal sealed class DisputedUsage(AuditLog audit, TimeProvider time, ILogger<DisputedUsage> log)
{
    private const string Action = "usage.disputed";

    /// <summary>Longest wait for the audit log: the record is queued by then, and says the same.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Raises it. Never throws.</summary>
    public async Task RaiseAsync(GenerationRecord record)
    {
        if (record.ReportedUsage is not { } reported) return;
        var (prompt, completion) = (record.Usage.PromptTotal, record.Usage.CompletionTotal);
        GatewayLog.UsageDisputed(log, record.Id, record.EndpointId, reported.PromptTotal, reported.CompletionTotal, prompt, completion);
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            await audit.AppendAsync(new AuditEvent(time.GetUtcNow(), AuditEvent.Router, Action, record.Id)
            {
                Details = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["endpoint"] = record.EndpointId ?? "",
                    ["reported_prompt_tokens"] = Text(reported.PromptTotal),
                    ["reported_completion_tokens"] = Text(reported.CompletionTotal),
                    ["prompt_tokens"] = Text(prompt),
                    ["completion_tokens"] = Text(completion),
                },
            }, cancellationToken: patience.Token).WaitAsync(Patience, time);
        }
        catch (Exception fault)
        {
            // The log and the record have it; the request is over, so the caller cannot be notified.
            GatewayLog.AuditNotKept(log, Action, record.Id, fault);
        }
    }

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}
