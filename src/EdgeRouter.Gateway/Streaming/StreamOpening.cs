using System.Buffers;
using System.Runtime.CompilerServices;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeRouter.Gateway.Streaming;

/// <summary>
/// Opens a stream to the caller: waits for the first real token. While the provider is silent it sends headers and keep-alives, so that no proxy closes
/// the connection.
/// </summary>
internal sealed class StreamOpening(RouterSettings settings, CallerOutput output, TimeProvider time)
{
    /// <summary>
    /// Waits for the end of <paramref name="attempts"/>: the one that answered, or the last that failed. When the caller disconnects they end by
    /// themselves, or are read on.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Attempt> WaitAsync(HttpContext context, ICallerApi api, Task<Attempt> attempts)
    {
        var isThere = true;
        while (isThere)
        {
            try
            {
                return await attempts.WaitAsync(settings.Limits.KeepAlive, time);
            }
            catch (TimeoutException) when (!attempts.IsFaulted)
            {
                // They may have ended at this moment.
                if (!attempts.IsCompleted) isThere = await KeepAliveAsync(context, api);
            }
        }
        return await attempts;
    }

    /// <summary>False: the caller left.</summary>
    private ValueTask<bool> KeepAliveAsync(HttpContext context, ICallerApi api)
    {
        Start(context, api);
        context.Response.BodyWriter.Write(api.KeepAlive);
        return output.TryFlushAsync(context, TimeSpan.MaxValue);
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
