using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using EdgeRouter.Core.Errors;
using EdgeRouter.Gateway.Configuration;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Requests;

/// <summary>A request's body in one pooled buffer. Disposing returns the buffer; the memory must not be used afterwards. Not thread-safe.</summary>
public sealed class RequestBody : IDisposable
{
    private const int SmallestBuffer = 1024;
    private const int FirstBuffer = 64 * 1024;
    private byte[]? buffer;
    private int length;

    private readonly InstanceLoad load;

    private RequestBody(InstanceLoad load, int size)
    {
        this.load = load;
        buffer = Rent(size);
    }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory => new(buffer ?? throw new ObjectDisposedException(nameof(RequestBody)), 0, length);

    /// <summary>Reads the whole body. Memory grows with the bytes that arrive, never with the announced length.</summary>
    /// <param name="request">The request.</param>
    /// <param name="load">The instance's load, of which the body's memory is a part.</param>
    /// <param name="limits">Largest size and longest time.</param>
    /// <param name="time">Clock.</param>
    /// <exception cref="RouterException">413: too large. 408: not received in time. 429: the instance's bodies together hold too much.</exception>
    /// <exception cref="CallerDisconnectedException">The caller closed the connection.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal static async ValueTask<RequestBody> ReadAsync(HttpRequest request, InstanceLoad load, LimitSettings limits, TimeProvider time)
    {
        var (limit, upload) = (limits.MaxBodyBytes, limits.Upload);
        if (request.ContentLength > limit) throw new RouterException(TooLarge(limit));
        var body = new RequestBody(load, (int)Math.Clamp(request.ContentLength + 1 ?? 0, SmallestBuffer, FirstBuffer));
        try
        {
            if (!await body.TryFillAsync(request.BodyReader, limit, upload, time, request.HttpContext.RequestAborted))
                throw new RouterException(TooSlow(upload));
            return body;
        }
        catch (Exception fault)
        {
            body.Dispose();
            // A broken connection, not a wrong body.
            if (fault is IOException and not BadHttpRequestException) throw new CallerDisconnectedException(fault);
            throw;
        }
    }

    /// <summary>The 413.</summary>
    public static RouterError TooLarge(int limit) =>
        new(413, ErrorTypes.PayloadTooLarge, $"The body is larger than {limit} bytes (EdgeRouter__Limits__MaxBodyBytes).");

    private static RouterError TooSlow(TimeSpan upload) => new(408, ErrorTypes.Timeout, string.Create(CultureInfo.InvariantCulture,
        $"The body did not arrive within {upload.TotalSeconds} seconds (EdgeRouter__Limits__UploadSeconds)."));

    /// <summary>Reads to the end; false: it took too long.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> TryFillAsync(PipeReader reader, int limit, TimeSpan upload, TimeProvider time, CancellationToken callerGone)
    {
        // Most bodies are there at once and need no timer.
        CancellationTokenSource? deadline = null;
        CancellationTokenRegistration onCallerGone = default;
        try
        {
            while (true)
            {
                if (!reader.TryRead(out var result))
                {
                    if (deadline is null)
                    {
                        deadline = new CancellationTokenSource(upload, time);
                        onCallerGone = callerGone.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline);
                    }
                    result = await reader.ReadAsync(deadline.Token);
                }
                foreach (var segment in result.Buffer) Append(segment.Span, limit);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) return true;
            }
        }
        catch (OperationCanceledException) when (deadline is { IsCancellationRequested: true } && !callerGone.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            await onCallerGone.DisposeAsync();
            deadline?.Dispose();
        }
    }

    private void Append(ReadOnlySpan<byte> bytes, int limit)
    {
        if (bytes.Length > limit - length) throw new RouterException(TooLarge(limit));
        while (bytes.Length > buffer!.Length - length) Grow();
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }

    private void Grow()
    {
        var larger = Rent(buffer!.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        Return(buffer);
        buffer = larger;
    }

    /// <summary>Returns the buffer.</summary>
    public void Dispose()
    {
        if (buffer is null) return;
        Return(buffer);
        buffer = null;
    }

    private byte[] Rent(int size)
    {
        load.HoldBytes(size);
        var rented = ArrayPool<byte>.Shared.Rent(size);
        // The pool rents up to twice the requested size: the rented size counts.
        load.ReleaseBytes(size - rented.Length);
        return rented;
    }

    private void Return(byte[] rented)
    {
        load.ReleaseBytes(rented.Length);
        ArrayPool<byte>.Shared.Return(rented);
    }
}
