using System.Runtime.CompilerServices;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Affinity;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Diagnostics;
using EdgeRouter.Gateway.Explanation;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Gateway.Requests;
using EdgeRouter.Gateway.Streaming;
using EdgeRouter.Upstreams.Failures;
using EdgeRouter.Upstreams.Media;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>
/// Terminal stage: makes attempts until one answers, then delivers the answer to the caller. When no caller waits for it any more it is read to its end
/// for its usage alone, if the provider continues all the same.
/// </summary>
internal sealed class ForwardingStage(RouterSettings settings, Failover failover, StreamOpening opening, PlatformLimit platform, StreamRelay relay,
    StreamResume resume, CallerOutput output, FailureReport report, MediaInliner media, AnswerPricer pricer, PromptAffinity affinity,
    TimeProvider time, ILogger<ForwardingStage> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var request = GatewayRequest.Of(context);
        var keepsText = resume.IsWanted(request);
        request.Media = media.ForRequest(request.Caller.Id, context.RequestAborted);
        if (await AnswerAsync(context, request, keepsText) is not { } answered) return;
        var delivery = request.Delivery = new Delivery(answered, answered.Ended!.Value, UpstreamWait(request, answered));
        try
        {
            if (request.ErrorSentEarly is null && context.RequestAborted.IsCancellationRequested) request.CallerGone = true;
            if (request.CallerGone || request.ErrorSentEarly is not null)
            {
                await FinishUnreadAsync(request);
                return;
            }
            AnswerHeaders.Set(context, request, time);
            if (answered.Answer is WholeAnswer whole)
            {
                await WriteWholeAsync(context, request, whole);
                return;
            }
            if (!keepsText) request.ForgetBody();
            StreamOpening.Start(context, ((StreamAnswer)answered.Answer).MediaType ?? request.Api.StreamMediaType);
            // From here on errors are written into the stream, because bytes were already sent. The first write shows whether the caller has disconnected.
            await context.Response.StartAsync(CancellationToken.None);
            while (await relay.RelayAsync(context, request) is { } fault && await resume.TryAsync(context, request, fault) is { } next)
                await ContinueAsync(request, next);
            await relay.EndAsync(context, request);
            Report(request, delivery.Served, LastReceived(delivery.Served));
        }
        catch when (delivery.Priced is null)
        {
            // Whatever went wrong here, the provider has worked: its answer is priced.
            pricer.PriceDelivery(request);
            throw;
        }
        finally
        {
            await delivery.Served.DisposeAsync();
        }
    }

    /// <summary>
    /// Makes attempts until one answers. Null: none did, and the caller already got the error. A separate method, so that the objects of the hedging race are
    /// collected while the winning stream is relayed.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Attempt?> AnswerAsync(HttpContext context, GatewayRequest request, bool keepsText)
    {
        // Only where the platform has a limit: otherwise the caller's own token is enough.
        using var waiting = platform.Applies(request) ? CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted) : null;
        var clock = new RequestClock(request.ArrivedTimestamp, settings.Limits.Total, time, waiting?.Token ?? context.RequestAborted);
        var run = new ForwardingRun(request, clock, request.Plan.Candidates, settings.Limits.MaxAttempts, settings.Limits.RetryAfter, time)
        {
            KeepsText = keepsText,
        };
        var execution = failover.ExecuteAsync(run);
        var last = request.Facts.Stream ? await opening.WaitAsync(context, request.Api, execution.AsTask())
            : waiting is not null ? await platform.WaitAsync(context, request, clock, waiting, execution.AsTask()) : await execution;
        if (last.HasAnswer) return last;
        await last.DisposeAsync();
        if (request.ErrorSentEarly is not null) return null;
        throw Failure(context, run, clock, request);
    }

    /// <summary>No caller reads the answer: reads it to its end for its usage, and prices it.</summary>
    private async Task FinishUnreadAsync(GatewayRequest request)
    {
        var served = request.Delivery.Served;
        if (served.Answer is StreamAnswer) await relay.ReadOnAsync(request);
        pricer.PriceDelivery(request);
        served.Health?.Abandoned();
    }

    /// <summary>Replaces the attempt that failed by the one that continues it.</summary>
    private async Task ContinueAsync(GatewayRequest request, Attempt next)
    {
        var broken = request.Delivery.Served;
        Report(request, broken, LastReceived(broken));
        request.Delivery.Continue(next);
        await broken.DisposeAsync();
    }

    /// <summary>
    /// Reports to health and prompt affinity how the answer ended. A caller who disconnected shows nothing about the endpoint, and neither does a good
    /// answer without content: a broken endpoint gives the same.
    /// </summary>
    private void Report(GatewayRequest request, Attempt attempt, long lastReceived)
    {
        var progress = attempt.Answer.Progress;
        if (request.CallerGone || (!progress.TokenSeen && attempt.Failure is null)) attempt.Health?.Abandoned();
        else attempt.Health?.Answered(request.Facts.Operation.OutputOf(progress.Usage, progress.OutputCount), ToolCallCheck.Of(request.Facts, progress),
            time.GetElapsedTime(attempt.Sent ?? attempt.Started, lastReceived), attempt.Failure);
        if (request.CallerGone || attempt.Failure is not null || progress.Usage is not { } usage) return;
        try
        {
            affinity.Answered(request.Facts, attempt.Endpoint, usage.PromptTotal,
                (usage.CacheRead ?? 0) + (usage.CacheWrite5m ?? 0) + (usage.CacheWrite1h ?? 0));
        }
        catch (Exception fault)
        {
            // The caller has the answer; a fault in statistics must not break it.
            GatewayLog.HealthNotKept(log, fault);
        }
    }

    private static long LastReceived(Attempt streamed) => ((StreamAnswer)streamed.Answer).LastReceived;

    private async Task WriteWholeAsync(HttpContext context, GatewayRequest request, WholeAnswer answer)
    {
        var priced = pricer.PriceDelivery(request);
        // Before it is written: the caller's speed shows nothing about the endpoint.
        Report(request, request.Delivery.Served, request.Delivery.FirstTokenTimestamp);
        using var body = new PooledBuffer();
        answer.Write(priced.Report, body);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = answer.MediaType ?? request.Api.AnswerMediaType;
        context.Response.ContentLength = body.Length;
        request.CallerGone = !await output.TryWriteAsync(context, body.Written, request.ArrivedTimestamp);
    }

    private Exception Failure(HttpContext context, ForwardingRun run, RequestClock clock, GatewayRequest request)
    {
        if (clock.CallerGone)
        {
            request.CallerGone = true;
            return new OperationCanceledException("The caller disconnected.", context.RequestAborted);
        }
        return new RouterException(run.ToError(report));
    }

    /// <summary>Time from the first thing sent to a provider until the first token: none of it is the router's own.</summary>
    private TimeSpan UpstreamWait(GatewayRequest request, Attempt answered)
    {
        var firstToken = answered.Ended!.Value;
        var sent = answered.Sent ?? firstToken;
        if (request.Attempts.Count == 1) return time.GetElapsedTime(sent, firstToken);
        foreach (var attempt in request.Attempts.Snapshot()) sent = Math.Min(sent, attempt.Sent ?? sent);
        return time.GetElapsedTime(sent, firstToken);
    }
}
