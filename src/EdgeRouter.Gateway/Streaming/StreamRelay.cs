using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Forwarding;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Upstreams.Failures;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Streaming;

/// <summary>
/// Carries a stream from the attempt that won to the caller. A stream that the provider did not complete never ends cleanly: the caller gets an error
/// event, and no terminator.
/// </summary>
internal sealed class StreamRelay(RouterSettings settings, StreamKeepAlive keepAlive, UsageSettler settler)
{
    /// <summary>How long to wait for usage that follows the provider's last word.</summary>
    private static readonly TimeSpan LateUsage = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Carries the served stream as far as it goes, and notes on its attempt how it broke, which is returned. Null: it came to its good end, or the
    /// caller left.
    /// </summary>
    public async Task<UpstreamFailure?> RelayAsync(HttpContext context, GatewayRequest request)
    {
        var answer = (StreamAnswer)request.Served!.Answer!;
        UpstreamEcho.Write(request, context.Response.BodyWriter);
        context.Response.BodyWriter.Write(answer.Held.Written.Span);
        answer.Held.Dispose();
        answer.Beat = keepAlive.Enter(context);
        var failure = answer.Broken;
        try
        {
            while (failure is null && !IsAtEnd(answer))
            {
                // What a provider says and the caller does not want to hear (reasoning, pings) is silence to him.
                if (HasUnsent(context)) answer.Beat.Sent();
                if (!await TryFlushAsync(context))
                {
                    failure = UpstreamFailure.Observed(FailureClass.CallerGone, "The caller left.");
                    break;
                }
                answer.Clock.Arm(answer.Progress.Completed ? LateUsage : settings.Limits.Idle, FailureClass.IdleTimeout);
                failure = await answer.PumpAsync(context.Response.BodyWriter);
            }
        }
        finally
        {
            keepAlive.Leave(answer.Beat);
            answer.Beat = null;
        }
        request.CallerGone = failure is { Class: FailureClass.CallerGone };
        return request.CallerGone ? null : request.Served.Entry.Failure = Fault(answer, request.Routing!.ChoiceCount, failure);
    }

    /// <summary>Settles the stream and ends it: well, or with an error event when the served attempt failed. A caller who left is only settled.</summary>
    public async Task EndAsync(HttpContext context, GatewayRequest request)
    {
        var answer = (StreamAnswer)request.Served!.Answer!;
        var settled = settler.Settle(request, answer.Progress);
        if (request.CallerGone) return;
        if (request.Served.Entry.Failure is { } fault)
        {
            request.StreamError = FailureReport.ToRouterError([(answer.Provider, fault)], [request.Served.Endpoint.Model.Id]);
            answer.Fail(request.StreamError, settled.Report, context.Response.BodyWriter);
        }
        else
        {
            answer.Complete(settled.Report, context.Response.BodyWriter);
        }
        request.CallerGone = !await TryFlushAsync(context);
    }

    private static bool HasUnsent(HttpContext context) => !context.Response.BodyWriter.CanGetUnflushedBytes || context.Response.BodyWriter.UnflushedBytes > 0;

    /// <summary>True when nothing more is to come that the caller or the record needs: late usage is waited for, the end of the connection is not.</summary>
    private static bool IsAtEnd(StreamAnswer answer) => answer.Ended || answer.Progress is { Error: not null } or { Completed: true, Usage: not null };

    /// <summary>False: the caller has left. Not an exception, since what he got until then must still be settled.</summary>
    private static async ValueTask<bool> TryFlushAsync(HttpContext context)
    {
        try
        {
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            return true;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Why the stream is not complete; null: it is. A provider that said why it finished but forgot the terminator is complete.</summary>
    private static UpstreamFailure? Fault(StreamAnswer answer, int choices, UpstreamFailure? failure)
    {
        var progress = answer.Progress;
        if (progress.Error is { } error) return answer.Classify(error);
        if (progress.FinishReason is null || (!progress.Completed && progress.FinishedChoices < choices))
            return failure ?? UpstreamFailure.Observed(FailureClass.TruncatedAnswer, "The stream ended without a finish reason.");
        if (progress.FinishReason == FinishReason.Error)
            return UpstreamFailure.Observed(FailureClass.ServerError, $"The model stopped with {progress.NativeFinishReason ?? "an error"}.");
        return progress.Completed || failure is null ? null : failure;
    }
}
