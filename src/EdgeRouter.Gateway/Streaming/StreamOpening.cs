using System.Buffers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeRouter.Gateway.Streaming;

/// <summary>
/// Opens a stream to the caller: waits for the first real token. While the provider is silent it sends headers and keep-alives, so that no proxy closes
/// the connection.
/// </summary>
internal sealed class StreamOpening(RouterSettings settings, CallerOutput output, TimeProvider time)
{
    /// <summary>Waits for the end of <paramref name="attempts"/>: the one that answered, or the last that failed.</summary>
    /// <exception cref="CallerLeftException">The caller disconnected while a keep-alive was written. The answer of the attempts is released.</exception>
    public async Task<Attempt> WaitAsync(HttpContext context, ICallerApi api, Task<Attempt> attempts)
    {
        while (true)
        {
            try
            {
                return await attempts.WaitAsync(settings.Limits.KeepAlive, time);
            }
            catch (TimeoutException) when (!attempts.IsFaulted)
            {
                // They may have ended at this moment.
                if (!attempts.IsCompleted) await KeepAliveAsync(context, api, attempts);
            }
        }
    }

    private async Task KeepAliveAsync(HttpContext context, ICallerApi api, Task<Attempt> attempts)
    {
        Start(context, api);
        context.Response.BodyWriter.Write(api.KeepAlive);
        if (await output.TryFlushAsync(context, TimeSpan.MaxValue)) return;
        // The attempts end by themselves.
        await using var last = await attempts;
        throw new CallerLeftException();
    }

    /// <summary>Sets status and headers of a stream, once.</summary>
    public static void Start(HttpContext context, ICallerApi api)
    {
        if (context.Response.HasStarted) return;
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = api.StreamMediaType;
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }
}
