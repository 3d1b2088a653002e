using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Forwarding;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Upstreams.Failures;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Streaming;

/// <summary>
/// Carries a stream from the attempt that won to the caller. A stream that the vendor did not complete never ends cleanly: the caller gets an error event, and no terminator.
/// </summary>
internal sealed class StreamRelay(RouterSettings settings, UsageSettler settler)
{
    /// <summary>How long to wait for what follows the vendor's last word: late usage, and the end of the connection, without which it cannot be used again.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);

    /// <summary>Carries the served stream as far as it goes. Null: to its good end, or until the caller left.</summary>
    public async Task<UpstreamFailure?> RelayAsync(HttpContext context, GatewayRequest request)
    {
        var answer = (StreamAnswer)request.Served!.Answer!;
        var writer = context.Response.BodyWriter;
        var progress = answer.Progress;
        answer.Clock.Win();
        writer.Write(answer.Held.Written.Span);
        answer.Held.Dispose();
        var failure = answer.Broken;
        while (failure is null && !answer.Ended && progress.Error is null)
        {
            if (!await TryFlushAsync(context))
            {
                failure = UpstreamFailure.Observed(FailureClass.CallerGone, "The caller left.");
                break;
            }
            answer.Clock.Arm(progress.Completed ? Drain : settings.Limits.Idle, FailureClass.IdleTimeout);
            failure = await answer.PumpAsync(writer);
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

    /// <summary>Why the stream is not complete; null: it is. A vendor that said why it finished but forgot the terminator is complete.</summary>
    private static UpstreamFailure? Fault(StreamAnswer answer, int choices, UpstreamFailure? failure)
    {
        var progress = answer.Progress;
        if (progress.Error is { } error) return answer.Classify(error);
        if (progress.FinishReason is null || (!progress.Completed && progress.FinishedChoices < choices)) return failure ?? UpstreamFailure.Observed(FailureClass.TruncatedAnswer, "The stream ended without a finish reason.");
        if (progress.FinishReason == FinishReason.Error) return UpstreamFailure.Observed(FailureClass.ServerError, $"The model stopped with {progress.NativeFinishReason ?? "an error"}.");
        return progress.Completed || failure is null ? null : failure;
    }
}
