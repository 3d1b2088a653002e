using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Affinity;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Diagnostics;
using EdgeRouter.Gateway.Forwarding.Resuming;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Gateway.Streaming;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>Terminal stage: makes attempts until one answers, then hands the answer to the caller.</summary>
internal sealed class ForwardingStage(RouterSettings settings, Attempts attempts, StreamOpening opening, StreamRelay relay, StreamResume resume,
    UsageSettler settler, PromptAffinity affinity, TimeProvider time, ILogger<ForwardingStage> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var request = GatewayRequest.Of(context);
        request.KeepsText = resume.IsWanted(request.Routing!);
        request.Served = await AnswerAsync(context, request);
        try
        {
            request.DroppedParameters = request.Served.Dropped;
            request.FirstTokenTimestamp = request.Served.Entry.Ended;
            request.UpstreamWait = UpstreamWait(request);
            AnswerHeaders.Set(context, request, time);
            if (request.Served.Answer is WholeAnswer whole)
            {
                await WriteWholeAsync(context, request, whole);
                Report(request, request.Served);
                return;
            }
            if (!request.KeepsText) request.ForgetBody();
            StreamOpening.Start(context);
            // From here on an error is one of the stream: bytes that are written cannot be taken back.
            await context.Response.StartAsync(context.RequestAborted);
            while (await relay.RelayAsync(context, request) is { } fault && await resume.TryAsync(context, request, fault) is { } next)
                await GoOnAsync(request, next);
            await relay.EndAsync(context, request);
            Report(request, request.Served);
        }
        catch when (request.Settled is null)
        {
            // Whatever went wrong here, the provider has worked.
            settler.Settle(request, request.Served.Answer!.Progress);
            throw;
        }
        finally
        {
            await request.Served.DisposeAsync();
        }
    }

    /// <summary>Makes attempts until one answers. A method of its own, so that nothing of the race is held while the winner streams.</summary>
    private async Task<AttemptOutcome> AnswerAsync(HttpContext context, GatewayRequest request)
    {
        var clock = new RequestClock(settings.Limits.Total, time, context.RequestAborted);
        var run = new ForwardingRun(request, clock, request.Plan!.Candidates, settings.Limits.MaxAttempts, settings.Limits.RetryAfter, time);
        var execution = attempts.ExecuteAsync(run);
        var outcome = request.Routing!.Stream ? await opening.WaitAsync(context, execution) : await execution;
        if (outcome.Answer is not null) return outcome;
        await outcome.DisposeAsync();
        throw Failure(context, run, clock, request);
    }

    /// <summary>Puts an endpoint in the place of the one that died.</summary>
    private async Task GoOnAsync(GatewayRequest request, AttemptOutcome next)
    {
        var broken = request.Served!;
        Report(request, broken);
        request.Served = next;
        await broken.DisposeAsync();
    }

    /// <summary>Tells health and prompt affinity how the answer ended. A caller who left says nothing of the endpoint.</summary>
    private void Report(GatewayRequest request, AttemptOutcome outcome)
    {
        var progress = outcome.Answer!.Progress;
        if (request.CallerGone) outcome.Entry.Health?.Abandoned();
        else outcome.Entry.Health?.Answered(progress, ToolCallCheck.Of(request.Routing!, progress),
            time.GetElapsedTime(outcome.Entry.SentTimestamp ?? outcome.Entry.Started), outcome.Entry.Failure);
        if (request.CallerGone || outcome.Entry.Failure is not null || progress.Usage is not { } usage) return;
        try
        {
            affinity.Answered(request.Routing!, outcome.Endpoint, usage.PromptTotal,
                (usage.CacheRead ?? 0) + (usage.CacheWrite5m ?? 0) + (usage.CacheWrite1h ?? 0));
        }
        catch (Exception fault)
        {
            // The answer is with the caller, and is not to be broken by what would only have helped the next one.
            GatewayLog.HealthNotKept(log, fault);
        }
    }

    private async Task WriteWholeAsync(HttpContext context, GatewayRequest request, WholeAnswer answer)
    {
        var settled = settler.Settle(request, answer.Progress);
        using var body = new PooledBuffer();
        answer.Write(settled.Report, body);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body.Written, context.RequestAborted);
    }

    private static Exception Failure(HttpContext context, ForwardingRun run, RequestClock clock, GatewayRequest request)
    {
        if (clock.CallerGone)
        {
            request.CallerGone = true;
            return new OperationCanceledException("The caller left.", context.RequestAborted);
        }
        return new RouterException(run.ToError());
    }

    /// <summary>Time from the first thing sent to a provider until the first token: none of it is the router's own.</summary>
    private TimeSpan UpstreamWait(GatewayRequest request)
    {
        var sent = request.FirstTokenTimestamp!.Value;
        foreach (var entry in request.Attempts.Snapshot()) sent = Math.Min(sent, entry.SentTimestamp ?? sent);
        return time.GetElapsedTime(sent, request.FirstTokenTimestamp!.Value);
    }
}
