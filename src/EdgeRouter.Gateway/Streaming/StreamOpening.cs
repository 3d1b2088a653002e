using System.Buffers;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeRouter.Gateway.Streaming;

/// <summary>Opens a stream to the caller: waits for the first real token, or on a silent upstream sends headers after a while and comments that keep proxies from hanging up.</summary>
internal sealed class StreamOpening(RouterSettings settings, TimeProvider time)
{
    /// <summary>Waits for the outcome of <paramref name="attempts"/>.</summary>
    public async Task<AttemptOutcome> WaitAsync(HttpContext context, Task<AttemptOutcome> attempts)
    {
        while (true)
        {
            try
            {
                return await attempts.WaitAsync(settings.Limits.KeepAlive, time);
            }
            catch (TimeoutException) when (!attempts.IsCompleted)
            {
                Start(context);
                context.Response.BodyWriter.Write(SseWriter.Processing);
                await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            }
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
