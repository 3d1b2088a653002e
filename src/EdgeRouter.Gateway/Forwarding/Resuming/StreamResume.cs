using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Gateway.Streaming;
using EdgeRouter.Upstreams.Failures;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Forwarding.Resuming;

/// <summary>
/// Lets a stream outlive its provider where the caller (<c>provider.resume</c>) or the operator wants it: an endpoint of the same model that can go
/// on with an assistant's turn is asked to, and the caller sees one stream. Only plain text can be gone on with: never half a tool call, a refusal,
/// an image, or an answer that must fit a schema. Thread-safe.
/// </summary>
internal sealed class StreamResume(RouterSettings settings, Attempts attempts, StreamOpening opening, UsageSettler settler, TimeProvider time)
{
    /// <summary>Whether a request's text must be kept so that it can be gone on with.</summary>
    public bool IsWanted(RequestFacts request) =>
        (request.Preferences.Resume ?? settings.Routing.Resume) && request is { Stream: true, ChoiceCount: 1, WantsImageOutput: false, WantsAudioOutput: false }
        && (request.Parameters & (RequestParameters.ResponseFormat | RequestParameters.StructuredOutputs | RequestParameters.Logprobs)) == 0;

    /// <summary>
    /// Finds somebody who goes on with the stream that <paramref name="fault"/> broke. Null: nobody does, and the fault stands. The broken part is
    /// then part of the request's usage and cost.
    /// </summary>
    public async Task<AttemptOutcome?> TryAsync(HttpContext context, GatewayRequest request, UpstreamFailure fault)
    {
        var left = settings.Limits.MaxAttempts - request.Attempts.Count;
        if (left <= 0 || PointOf(request, fault) is not { } point || Candidates(request) is not { Length: > 0 } candidates) return null;
        var broken = request.Served!;
        request.ResumeFrom = point;
        var clock = new RequestClock(settings.Limits.Total - time.GetElapsedTime(request.ArrivedTimestamp), time, context.RequestAborted);
        try
        {
            var outcome = await opening.WaitAsync(context,
                attempts.ExecuteAsync(new ForwardingRun(request, clock, candidates, left, settings.Limits.RetryAfter, time)));
            if (outcome.Answer is not null)
            {
                var part = settler.Price(request, broken.Endpoint, broken.Answer!.Progress, fault.Class);
                (request.Interrupted ??= []).Add(new InterruptedAnswer(broken.Entry, part));
                return outcome;
            }
            await outcome.DisposeAsync();
        }
        catch (OperationCanceledException) when (clock.CallerGone)
        {
            // What he got until then is settled by whoever asked.
        }
        request.CallerGone = clock.CallerGone;
        return null;
    }

    private static ResumePoint? PointOf(GatewayRequest request, UpstreamFailure fault)
    {
        if (!request.KeepsText || (fault.Traits.Remedy & Remedy.NextEndpoint) == 0) return null;
        var progress = request.Served!.Answer!.Progress;
        if (progress is not { Kept: { IsSpoiled: false } kept, ToolCalls: null, FinishReason: null }) return null;
        var text = kept.ToString();
        return string.IsNullOrWhiteSpace(text)
            ? null : new ResumePoint(request.GetConversation(), text, (System.Text.Encoding.UTF8.GetByteCount(text) + 3) / 4);
    }

    /// <summary>Endpoints of the model that can go on, in the plan's order; those that have failed this request already come last.</summary>
    private static Core.Catalog.Endpoint[] Candidates(GatewayRequest request)
    {
        var served = request.Served!.Endpoint;
        var tried = request.Attempts.Snapshot();
        return [.. request.Plan!.Candidates
            .Where(candidate => candidate.Model == served.Model && candidate.Prefill != AssistantPrefill.None)
            .OrderBy(candidate => Array.Exists(tried, entry => entry.Endpoint == candidate))];
    }
}
