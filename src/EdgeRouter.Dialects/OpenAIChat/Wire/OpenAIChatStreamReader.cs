using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Wire.Events;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.Wire;

/// <summary>Reads a stream of chunks into canonical events. The differences between providers are handled in <see cref="OpenAIChatEventParser"/>.</summary>
internal sealed class OpenAIChatStreamReader(Provider provider) : IWireStreamReader
{
    private readonly OpenAIChatEventParser parser = new(provider.CachedTokens);
    private readonly OpenAIChatPartReader parts = new(isWhole: false);

    /// <inheritdoc/>
    public void Read(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, ICollection<StreamEvent> events)
    {
        parser.ParseEvent(eventName, data.Span);
        foreach (ref readonly var piece in parser.Pieces)
            parts.Read(piece, data.Span, parser, events);
        parser.Release();
    }
}
