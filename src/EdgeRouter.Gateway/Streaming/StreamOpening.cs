using System.Buffers;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeRouter.Gateway.Streaming;

/// <summary>
/// Opens a stream to the caller: waits for the first real token, or on a silent upstream sends headers after a while and comments that keep proxies
/// from hanging up.
/// </summary>
internal sealed class StreamOpening(RouterSettings settings, TimeProvider time)
{
    /// <summary>Waits for the outcome of <paramref name="attempts"/>.</summary>
    /// <exception cref="OperationCanceledException">The caller left while a comment was written to him. What the attempts brought is let go.</exception>
    public async Task<AttemptOutcome> WaitAsync(HttpContext context, Task<AttemptOutcome> attempts)
    {
        while (true)
        {
            try
            {
                return await attempts.WaitAsync(settings.Limits.KeepAlive, time);
            }
            catch (TimeoutException) when (!attempts.IsFaulted)
            {
                // They may have ended in this very moment.
                if (!attempts.IsCompleted) await CommentAsync(context, attempts);
            }
        }
    }

    private static async Task CommentAsync(HttpContext context, Task<AttemptOutcome> attempts)
    {
        Start(context);
        context.Response.BodyWriter.Write(SseWriter.Processing);
        try
        {
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The attempts end by themselves.
            await using var outcome = await attempts;
            throw;
        }
    }

    /// <summary>Sets status and headers of a stream, once.</summary>
    public static void Start(HttpContext context)
    {
        if (context.Response.HasStarted) return;
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }
}
