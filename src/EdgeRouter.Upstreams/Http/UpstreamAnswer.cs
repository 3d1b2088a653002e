using System.Buffers;
using System.Runtime.CompilerServices;
using EdgeRouter.Core.Health;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Upstreams.Http;

/// <summary>
/// An answer with a good status whose body is still on the wire. Disposing it before the body was read to its end closes the connection (HTTP/2:
/// resets the stream), so that the provider learns at once that nobody listens. Not thread-safe.
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

    /// <summary>Media type of the body without parameters; null: not told.</summary>
    public string? MediaType => response.Content.Headers.ContentType?.MediaType;

    /// <summary>
    /// The body. Reading it throws what the network throws: hand that to <see cref="TransportFailures.Of"/>. First-token and idle deadlines are the reader's.
    /// </summary>
    public Stream Body { get; }

    /// <summary>
    /// Reads the whole body of an answer that is no stream, within what is left of <see cref="UpstreamOptions.WholeAnswerTimeout"/> and within
    /// <see cref="UpstreamOptions.MaxResponseBytes"/>.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamResult<UpstreamBody>> ReadBodyAsync(CancellationToken cancellationToken)
    {
        if (deadline is null) throw new InvalidOperationException("A stream was asked for: read the body.");
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
            return TransportFailures.Of(exception, deadline.Struck(FailureClass.WholeAnswerTimeout), cancellationToken);
        }
        body.Dispose();
        return TooLarge();
    }

    /// <summary>Lets go of the connection: back to the pool when the body was read to its end, closed otherwise.</summary>
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
    private const int LargestFirstSize = 1024 * 1024; // a declared length is a stranger's word: more is rented only as bytes arrive
    private byte[] buffer;
    private int length;

    // One byte more than declared, so that the read which finds the end needs no larger buffer.
    internal UpstreamBody(long expected) => buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(expected + 1, FirstSize, LargestFirstSize));

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory => buffer.AsMemory(0, length);

    /// <summary>Gives the buffer back.</summary>
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
