namespace EdgeRouter.Dialects.Framing;

/// <summary>One piece of a provider's stream that means something by itself. A view: valid until the reader is asked for the next one.</summary>
public readonly struct StreamFrame
{
    private readonly ReadOnlyMemory<byte> name;

    /// <summary>Makes a view.</summary>
    /// <param name="name">Its kind; empty: the framing has no kinds, or this one has none.</param>
    /// <param name="data">What it carries.</param>
    public StreamFrame(ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> data)
    {
        this.name = name;
        Data = data;
    }

    /// <summary>Its kind: the <c>event:</c> field of a server-sent event, the event type of a binary event stream; empty: none.</summary>
    public ReadOnlySpan<byte> Name => name.Span;

    /// <summary>What it carries: the <c>data:</c> field, the payload, a piece of sound.</summary>
    public ReadOnlyMemory<byte> Data { get; }
}
