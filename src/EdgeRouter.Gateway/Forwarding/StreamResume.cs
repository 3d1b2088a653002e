using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Gateway.Requests;
using EdgeRouter.Gateway.Streaming;
using EdgeRouter.Upstreams.Failures;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>
/// Continues a stream whose provider failed, when the caller (<c>provider.resume</c>) or the operator enables it: another endpoint of the same model
/// continues the assistant's turn, and the caller sees one stream. Only plain text can be continued: never half a tool call, a refusal, an image, or
/// an answer that must fit a schema. Thread-safe.
/// </summary>
internal sealed class StreamResume(RouterSettings settings, ProviderWires wires, Failover failover, StreamOpening opening, AnswerPricer pricer,
    TimeProvider time)
{
    /// <summary>Whether the text of the answer must be kept so that it can be continued.</summary>
    public bool IsWanted(GatewayRequest request) => (request.Facts.Preferences.Resume ?? settings.Routing.Resume) && request.Content.CanBeContinued;

    /// <summary>
    /// Finds an attempt that continues the stream that <paramref name="fault"/> broke. Null: there is none, and the failure remains. Otherwise the
    /// broken part is in the request's usage and cost.
    /// </summary>
    public async Task<Attempt?> TryAsync(HttpContext context, GatewayRequest request, UpstreamFailure fault)
    {
        var left = settings.Limits.MaxAttempts - request.Attempts.Count;
        var broken = request.Delivery.Served;
        if (left <= 0 || PointOf(broken, fault) is not { } point || Candidates(request, broken) is not { Length: > 0 } candidates) return null;
        var clock = new RequestClock(request.ArrivedTimestamp, settings.Limits.Total, time, context.RequestAborted);
        var run = new ForwardingRun(request, clock, candidates, left, settings.Limits.RetryAfter, time) { KeepsText = true, ResumeFrom = point };
        try
        {
            var last = await opening.WaitAsync(context, request.Api, failover.ExecuteAsync(run).AsTask());
            if (last.HasAnswer)
            {
                pricer.PricePart(request, broken, fault.Class);
                return last;
            }
            await last.DisposeAsync();
        }
        catch (OperationCanceledException) when (clock.CallerGone)
        {
            // What was sent until then is priced when the stream ends.
        }
        request.CallerGone = clock.CallerGone;
        return null;
    }

    private static ResumePoint? PointOf(Attempt broken, UpstreamFailure fault)
    {
        if ((fault.Traits.Remedy & Remedy.NextEndpoint) == 0) return null;
        if (broken.Answer.Progress is not { Kept: { IsSpoiled: false } kept, ToolCalls: null, FinishReason: null }) return null;
        var text = kept.ToString();
        return string.IsNullOrWhiteSpace(text) ? null : ResumePoint.After(text);
    }

    /// <summary>Endpoints of the model that can continue, in the plan's order; those that this request has already tried come last.</summary>
    private Core.Catalog.Endpoint[] Candidates(GatewayRequest request, Attempt broken)
    {
        var tried = request.Attempts.Snapshot();
        return [.. request.Plan.Candidates
            .Where(candidate => candidate.Model == broken.Endpoint.Model && candidate.Prefill != AssistantPrefill.None
                && request.Content.CanBeContinuedOn(wires.Get(candidate.Provider.Wire)))
            .OrderBy(candidate => Array.Exists(tried, attempt => attempt.Endpoint == candidate))];
    }
}
