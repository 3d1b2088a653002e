using System.Buffers;
using System.Runtime.CompilerServices;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Gateway.Requests;
using EdgeRouter.Upstreams.Failures;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Streaming;

/// <summary>
/// Relays a stream from the attempt that won to the caller. A stream that the provider did not complete never ends cleanly: the caller gets an error
/// event, and no terminator.
/// </summary>
internal sealed class StreamRelay(RouterSettings settings, StreamKeepAlive keepAlive, CallerOutput output, AnswerPricer pricer, FailureReport report)
{
    /// <summary>How long to wait for usage after the stream's terminator.</summary>
    private static readonly TimeSpan LateUsage = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait for usage and terminator after every choice has its finish reason.</summary>
    private static readonly TimeSpan LateEnd = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Relays the served stream to its end. Returns how it failed, which is also set on its attempt. Null: it ended well, or the caller disconnected.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamFailure?> RelayAsync(HttpContext context, GatewayRequest request)
    {
        var served = request.Delivery.Served;
        var answer = (StreamAnswer)served.Answer;
        UpstreamEcho.Write(request, context.Response.BodyWriter);
        context.Response.BodyWriter.Write(answer.Held.Written.Span);
        answer.Held.Dispose();
        var beat = keepAlive.Enter(context, request.Api);
        answer.Observer = beat;
        var failure = answer.Broken;
        var choices = request.Facts.ChoiceCount;
        var armed = TimeSpan.Zero;
        try
        {
            while (failure is null && !IsAtEnd(answer))
            {
                // What the provider sends and the caller does not receive (reasoning, pings) is silence for the caller.
                if (HasUnsent(context)) beat.Sent();
                var flushed = output.TryFlushAsync(context, answer.Clock.TimeLeft);
                if (!flushed.IsCompleted)
                {
                    answer.Clock.Disarm();
                    armed = TimeSpan.Zero;
                }
                if (!await flushed)
                {
                    failure = UpstreamFailure.Observed(FailureClass.CallerGone, "the caller disconnected");
                    break;
                }
                // Once the content is complete the wait is armed once: comments and pings do not extend it.
                var wait = Wait(answer.Progress, choices);
                if (wait != armed || wait == settings.Limits.Idle) answer.Clock.Arm(wait, FailureClass.IdleTimeout);
                armed = wait;
                failure = await answer.PumpAsync(context.Response.BodyWriter);
            }
        }
        finally
        {
            keepAlive.Leave(beat);
            answer.Observer = null;
        }
        request.CallerGone = failure is { Class: FailureClass.CallerGone };
        if (!request.CallerGone) return served.Failure = Fault(answer, choices, failure);
        await ReadOnAsync(request);
        return null;
    }

    /// <summary>
    /// Continues to read, for its usage alone, a stream whose caller has left and whose provider keeps generating. Ends at once where it does not.
    /// </summary>
    public async Task ReadOnAsync(GatewayRequest request)
    {
        var answer = (StreamAnswer)request.Delivery.Served.Answer;
        if (answer.Broken is not null || !answer.Clock.TryReadOn()) return;
        using var unread = new PooledBuffer();
        while (!IsAtEnd(answer))
        {
            // No caller waits, so the usage may take its time.
            answer.Clock.Arm(answer.Progress.Completed ? LateEnd : settings.Limits.Idle, FailureClass.IdleTimeout);
            if (await answer.PumpAsync(unread) is { } failure)
            {
                // What the provider ends by itself it does not go on with.
                if (!answer.Clock.Token.IsCancellationRequested) answer.Broken = failure;
                return;
            }
            unread.Clear();
        }
    }

    /// <summary>
    /// Prices the stream and ends it: well, or, when the served attempt failed, with an error event or by aborting the connection. For a caller who
    /// disconnected it is only priced.
    /// </summary>
    public async Task EndAsync(HttpContext context, GatewayRequest request)
    {
        var delivery = request.Delivery;
        var answer = (StreamAnswer)delivery.Served.Answer;
        var usage = pricer.PriceDelivery(request).Report;
        if (request.CallerGone) return;
        if (delivery.Served.Failure is { } fault)
        {
            delivery.StreamError = report.ToRouterError([(answer.Provider, fault)], [delivery.Served.Endpoint.Model.Id]);
            if (!request.Api.StreamsCarryErrors)
            {
                context.Abort();
                return;
            }
            answer.Fail(delivery.StreamError, usage, context.Response.BodyWriter);
        }
        else
        {
            answer.Complete(usage, context.Response.BodyWriter);
        }
        request.CallerGone = !await output.TryFlushAsync(context, answer.Clock.TimeLeft);
    }

    private TimeSpan Wait(StreamProgress progress, int choices) =>
        progress.Completed ? LateUsage : HasContent(progress, choices) ? LateEnd : settings.Limits.Idle;

    private static bool HasUnsent(HttpContext context) => !context.Response.BodyWriter.CanGetUnflushedBytes || context.Response.BodyWriter.UnflushedBytes > 0;

    /// <summary>True when the caller and the record have everything: the relay waits for late usage, not for the end of the connection.</summary>
    private static bool IsAtEnd(StreamAnswer answer) => answer.Ended || answer.Progress is { Error: not null } or { Completed: true, Usage: not null };

    /// <summary>Every choice has ended, so that only usage and the terminator can follow.</summary>
    private static bool HasContent(StreamProgress progress, int choices) => progress.FinishReason is not null && progress.FinishedChoices >= choices;

    /// <summary>Why the stream is not complete; null: it is. A stream with a finish reason but without a terminator is complete.</summary>
    private static UpstreamFailure? Fault(StreamAnswer answer, int choices, UpstreamFailure? failure)
    {
        var progress = answer.Progress;
        if (progress.Error is { } error) return answer.Classify(error);
        if (progress.FinishReason is null || (!progress.Completed && progress.FinishedChoices < choices))
            return failure ?? UpstreamFailure.Observed(FailureClass.TruncatedAnswer, "the stream ended without a finish reason");
        if (progress.FinishReason == FinishReason.Error)
            return UpstreamFailure.Observed(FailureClass.ServerError, $"the model stopped with {progress.NativeFinishReason ?? "an error"}");
        // After the content only the wait for its end can have been too long.
        return progress.Completed || failure is null or { Class: FailureClass.IdleTimeout } ? null : failure;
    }
}
