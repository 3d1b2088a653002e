using System.Buffers;
using System.Runtime.CompilerServices;
using EdgeRouter.Core.Health;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Upstreams.Http;

/// <summary>
/// An answer with a good status whose body is not read yet. Disposing it before the body was read to its end closes the connection (HTTP/2: resets
/// the stream), so that the provider notices at once. Not thread-safe.
/// </summary>
public sealed class UpstreamAnswer : IAsyncDisposable
{
    private readonly HttpResponseMessage response;
    private readonly RequestDeadline? deadline;
    private readonly int maxBytes;

    internal UpstreamAnswer(HttpResponseMessage response, Stream body, RequestDeadline? deadline, int maxBytes)
    {
        this.response = response;
        this.deadline = deadline;
        this.maxBytes = maxBytes;
        Body = body;
    }

    /// <summary>Status, 200 to 299.</summary>
    public int Status => (int)response.StatusCode;

    /// <summary>Content-Type of the body, as the provider wrote it; null: not given.</summary>
    public string? ContentType => response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null;

    /// <summary>
    /// The body. Reading it throws network exceptions: pass them to <see cref="TransportFailures.Of"/>. The reader has its own deadlines for the
    /// first token and for silence.
    /// </summary>
    public Stream Body { get; }

    /// <summary>
    /// Reads the whole body of an answer that is not a stream, within what is left of <see cref="UpstreamOptions.WholeAnswerTimeout"/> and within
    /// <see cref="UpstreamOptions.MaxResponseBytes"/>.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamResult<UpstreamBody>> ReadBodyAsync(CancellationToken cancellationToken)
    {
        if (deadline is null) throw new InvalidOperationException("A stream was requested: read the body.");
        var declared = response.Content.Headers.ContentLength;
        if (declared > maxBytes) return TooLarge();
        var body = new UpstreamBody(declared ?? 0);
        try
        {
            using (deadline.Follow(cancellationToken))
            {
                while (true)
                {
                    var read = await Body.ReadAsync(body.GetSpace(), deadline.Token).ConfigureAwait(false);
                    if (read == 0) return body;
                    body.Advance(read);
                    if (body.Memory.Length > maxBytes) break;
                }
            }
        }
        catch (Exception exception) when (TransportFailures.IsTransport(exception))
        {
            body.Dispose();
            return TransportFailures.Of(exception, deadline.Expired(FailureClass.WholeAnswerTimeout), cancellationToken);
        }
        body.Dispose();
        return TooLarge();
    }

    /// <summary>Releases the connection: it returns to the pool when the body was read to its end, otherwise it is closed.</summary>
    public ValueTask DisposeAsync()
    {
        response.Dispose();
        deadline?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static UpstreamFailure TooLarge() => UpstreamFailure.Observed(FailureClass.MalformedAnswer, "the answer exceeds the size limit");
}

/// <summary>A whole body in a rented buffer. Dispose it exactly once, after the last use of <see cref="Memory"/>.</summary>
public sealed class UpstreamBody : IDisposable
{
    private const int FirstSize = 16 * 1024;
    private const int MaxFirstSize = 1024 * 1024; // the declared length is not trusted: more is rented only as bytes arrive
    private byte[] buffer;
    private int length;

    // One byte more than declared, so that the read which finds the end needs no larger buffer.
    internal UpstreamBody(long expected) => buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(expected + 1, FirstSize, MaxFirstSize));

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory => buffer.AsMemory(0, length);

    /// <summary>Returns the buffer.</summary>
    public void Dispose()
    {
        if (buffer.Length == 0) return;
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        length = 0;
    }

    internal Memory<byte> GetSpace()
    {
        if (length == buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
        return buffer.AsMemory(length);
    }

    internal void Advance(int count) => length += count;
}
