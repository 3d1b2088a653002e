namespace EdgeRouter.Dialects.Sse;

/// <summary>One server-sent event. A view: valid until the reader is asked for the next one.</summary>
public readonly struct SseEvent
{
    private readonly ReadOnlyMemory<byte> name;

    internal SseEvent(ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> data)
    {
        this.name = name;
        Data = data;
    }

    /// <summary>The <c>event:</c> field; empty when absent.</summary>
    public ReadOnlySpan<byte> Name => name.Span;

    /// <summary>The <c>data:</c> field; several lines are joined by line feeds.</summary>
    public ReadOnlyMemory<byte> Data { get; }
}
