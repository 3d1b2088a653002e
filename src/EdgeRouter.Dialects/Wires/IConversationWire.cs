using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Wires;

/// <summary>A wire that carries conversations: requests out, answers in.</summary>
public interface IConversationWire : IProviderWire
{
    /// <summary>
    /// Whether the wire can carry <paramref name="part"/> only with its bytes inside, so that a remote URL must be fetched first (Gemini with image URLs).
    /// </summary>
    bool NeedsInlineData(ContentPart part);

    /// <summary>
    /// Format of the signatures that its providers want back with a turn that called tools, one of <see cref="ReasoningFormats"/>; null: they want none.
    /// </summary>
    string? SignatureFormat => null;

    /// <summary>Writes the body. What could not be carried is added to <paramref name="dropped"/>, by the names that the caller wrote.</summary>
    /// <exception cref="Core.Errors.RouterException">The conversation cannot be expressed in this wire format; the error names the member.</exception>
    void WriteRequest(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped);

    /// <summary>Reads a whole answer.</summary>
    /// <exception cref="UpstreamFormatException">It is not an answer of this wire format.</exception>
    ChatResponse ReadResponse(ReadOnlyMemory<byte> body, Provider provider);

    /// <summary>A reader for one stream.</summary>
    IWireStreamReader CreateStreamReader(Provider provider);
}

/// <summary>Reads one provider's stream, event by event. Not thread-safe.</summary>
public interface IWireStreamReader
{
    /// <summary>Turns one frame into canonical events, appended to <paramref name="events"/>. Unknown events and members are skipped.</summary>
    /// <param name="eventName">The frame's <see cref="Framing.StreamFrame.Name"/>.</param>
    /// <param name="data">The frame's <see cref="Framing.StreamFrame.Data"/>.</param>
    /// <param name="events">Receives zero or more events.</param>
    /// <exception cref="UpstreamFormatException">The event is malformed: the stream cannot be trusted any more.</exception>
    void Read(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, ICollection<StreamEvent> events);
}
