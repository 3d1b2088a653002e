using System.Buffers;
using System.Runtime.CompilerServices;
using EdgeRouter.Core.Errors;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Requests;

/// <summary>A request's body in one pooled buffer. Disposing returns the buffer; the memory must not be used afterwards. Not thread-safe.</summary>
public sealed class RequestBody : IDisposable
{
    private const int FirstBuffer = 16 * 1024;
    private byte[]? buffer;
    private int length;

    private RequestBody(byte[] buffer) => this.buffer = buffer;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory => new(buffer ?? throw new ObjectDisposedException(nameof(RequestBody)), 0, length);

    /// <summary>Reads the whole body.</summary>
    /// <exception cref="RouterException">413: more than <paramref name="limit"/> bytes.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit) throw new RouterException(TooLarge(limit));
        var body = new RequestBody(ArrayPool<byte>.Shared.Rent((int)(request.ContentLength + 1 ?? FirstBuffer)));
        try
        {
            await body.FillAsync(request.Body, limit, cancellationToken);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>The 413.</summary>
    public static RouterError TooLarge(int limit) =>
        new(413, ErrorTypes.PayloadTooLarge, $"The body is larger than {limit} bytes (EdgeRouter__Limits__MaxBodyBytes).");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FillAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (length == buffer!.Length) Grow();
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0) return;
            length += read;
            if (length > limit) throw new RouterException(TooLarge(limit));
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer!.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    /// <summary>Returns the buffer.</summary>
    public void Dispose()
    {
        if (buffer is null) return;
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = null;
    }
}
