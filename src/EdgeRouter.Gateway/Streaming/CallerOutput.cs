using System.Buffers;
using EdgeRouter.Gateway.Configuration;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Streaming;

/// <summary>
/// Sends bytes to the caller and stops when the caller does not read them: the connection is then aborted. A disconnected caller is a result and not an
/// exception, since what was sent until then must still be priced. Thread-safe; one write at a time per context.
/// </summary>
internal sealed class CallerOutput(RouterSettings settings, TimeProvider time)
{
    /// <summary>A piece of a large answer: each has the whole stall limit to be taken.</summary>
    private const int Piece = 64 * 1024;

    /// <summary>
    /// Sends what was written to the body. False: the caller disconnected, or read it neither within the stall limit nor within <paramref name="left"/>.
    /// </summary>
    /// <param name="context">The caller's context.</param>
    /// <param name="left">What is left of the request's time.</param>
    public ValueTask<bool> TryFlushAsync(HttpContext context, TimeSpan left)
    {
        var flush = context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        if (!flush.IsCompletedSuccessfully) return AwaitAsync(context, flush, left);
        _ = flush.Result;
        return new ValueTask<bool>(true);
    }

    /// <summary>Writes and sends bytes; as <see cref="TryFlushAsync"/>, the stall limit for each piece of them.</summary>
    /// <param name="context">The caller's context.</param>
    /// <param name="bytes">What to send.</param>
    /// <param name="arrived">Timestamp of the request's arrival.</param>
    public async ValueTask<bool> TryWriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes, long arrived)
    {
        for (var sent = 0; sent < bytes.Length; sent += Piece)
        {
            context.Response.BodyWriter.Write(bytes.Span.Slice(sent, Math.Min(Piece, bytes.Length - sent)));
            if (!await TryFlushAsync(context, settings.Limits.Total - time.GetElapsedTime(arrived))) return false;
        }
        return true;
    }

    private async ValueTask<bool> AwaitAsync(HttpContext context, ValueTask<System.IO.Pipelines.FlushResult> flush, TimeSpan left)
    {
        var limit = left < settings.Limits.Stall ? left : settings.Limits.Stall;
        try
        {
            await flush.AsTask().WaitAsync(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, time);
            return true;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return false;
        }
        catch (TimeoutException)
        {
            context.Abort();
            return false;
        }
    }
}
