namespace EdgeRouter.Dialects.Framing;

/// <summary>
/// How a provider's stream is cut into frames: server-sent events, a binary event stream, or the bytes as they come. Stateless and thread-safe.
/// </summary>
public interface IStreamFraming
{
    /// <summary>Media type that is asked for.</summary>
    string MediaType { get; }

    /// <summary>Whether an answer with this Content-Type is such a stream; null: not given.</summary>
    bool Matches(string? contentType);

    /// <summary>A reader for one stream.</summary>
    /// <param name="maxFrameBytes">Largest frame that it may hold.</param>
    IFrameReader CreateReader(int maxFrameBytes);
}

/// <summary>
/// Reads the frames of one stream, however it was split on the way. Use: <see cref="Append"/> a chunk, <see cref="TryRead"/> until it returns false, append
/// the next; at the end of the stream <see cref="Complete"/>, then <see cref="TryRead"/> until it returns false. Holds no buffer between whole frames.
/// Not thread-safe.
/// </summary>
public interface IFrameReader : IDisposable
{
    /// <summary>Gives the next bytes. They must not change until <see cref="TryRead"/> returns false.</summary>
    /// <exception cref="InvalidOperationException">The bytes before were not read to their end, or the stream has ended.</exception>
    void Append(ReadOnlyMemory<byte> bytes);

    /// <summary>
    /// The connection ended in order. A framing without an end of its own gives a last frame that says so: only then can its transcoder report the
    /// stream as complete.
    /// </summary>
    void Complete();

    /// <summary>Takes the next frame. False: the bytes so far hold no further one, and are no longer referenced.</summary>
    /// <exception cref="Wires.UpstreamFormatException">A frame is malformed, or larger than permitted.</exception>
    bool TryRead(out StreamFrame frame);
}
