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
        // Headers before the first token serve only to send keep-alives.
        var isThere = !api.KeepAlive.IsEmpty;
        while (isThere)
        {
            try
            {
                return await attempts.WaitAsync(settings.Limits.KeepAlive, time);
            }
            catch (TimeoutException) when (!attempts.IsFaulted)
            {
                // They may have ended at this moment.
                if (!attempts.IsCompleted) isThere = await KeepAliveAsync(context, api, attempts);
            }
        }
        return await attempts;
    }

    /// <summary>False: the caller left.</summary>
    private async ValueTask<bool> KeepAliveAsync(HttpContext context, ICallerApi api, Task<Attempt> attempts)
    {
        try
        {
            Start(context, api.StreamMediaType);
            context.Response.BodyWriter.Write(api.KeepAlive);
            return await output.TryFlushAsync(context, TimeSpan.MaxValue);
        }
        catch
        {
            // The caller cannot be written to; the attempts must not outlive the request.
            context.Abort();
            await Attempt.ReleaseAsync(attempts);
            throw;
        }
    }

    /// <summary>Sets status and headers of a stream, once.</summary>
    public static void Start(HttpContext context, string mediaType)
    {
        if (context.Response.HasStarted) return;
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = mediaType;
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }
}
