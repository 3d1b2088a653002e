using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Wire;

/// <summary>Kinds of <see cref="OpenAIChatPiece"/>; one for each canonical event.</summary>
internal enum OpenAIChatPieceKind
{
    /// <summary>Nothing; passed over.</summary>
    None,

    /// <summary><see cref="ResponseStarted"/>: Id, Name (model), Text (fingerprint), Json (service tier's text).</summary>
    ResponseStarted,

    /// <summary><see cref="ChoiceStarted"/>.</summary>
    ChoiceStarted,

    /// <summary><see cref="TextDelta"/>: Text (none: log probabilities only), Json (log probabilities).</summary>
    Text,

    /// <summary><see cref="ReasoningDelta"/>: Text, Json (detail).</summary>
    Reasoning,

    /// <summary><see cref="RefusalDelta"/>: Text.</summary>
    Refusal,

    /// <summary><see cref="ToolCallDelta"/>: Index, Id or MadeId, Name, Text (arguments), Json (arguments that came as an object).</summary>
    ToolCall,

    /// <summary><see cref="ImageDelta"/>: Text (URL), Id (detail).</summary>
    Image,

    /// <summary><see cref="ExtensionDelta"/>: Name, Json; Choice is -1 for the chunk.</summary>
    Extension,

    /// <summary><see cref="ChoiceFinished"/>: Reason, Text (native word).</summary>
    ChoiceFinished,

    /// <summary><see cref="UsageReported"/>: the parser's usage.</summary>
    Usage,

    /// <summary><see cref="StreamFailed"/>: the parser's error.</summary>
    Failed,

    /// <summary><see cref="StreamCompleted"/>.</summary>
    Completed,
}

/// <summary>
/// A canonical event before it costs anything: its texts are still ranges of the provider's bytes. The canonical reader makes an event of each piece;
/// the fast path copies the ranges. Which members are used is said at <see cref="OpenAIChatPieceKind"/>.
/// </summary>
internal struct OpenAIChatPiece
{
    public OpenAIChatPieceKind Kind;
    public int Choice;
    public int Index;
    public FinishReason Reason;
    public JsonRange Text;
    public JsonRange Id;
    public JsonRange Name;
    public JsonRange Json;
    public string? MadeId;

    /// <summary>Makes the event.</summary>
    public readonly StreamEvent ToEvent(ReadOnlySpan<byte> data, OpenAIChatEventParser parser) => Kind switch
    {
        OpenAIChatPieceKind.ResponseStarted => new ResponseStarted(Id.TextIn(data), Name.TextIn(data), Text.TextIn(data), Json.TextIn(data)),
        OpenAIChatPieceKind.ChoiceStarted => new ChoiceStarted(Choice),
        OpenAIChatPieceKind.Text => new TextDelta(Choice, Text.TextIn(data) ?? "") { Logprobs = Json.ElementIn(data) },
        OpenAIChatPieceKind.Reasoning => new ReasoningDelta(Choice, Text.TextIn(data), ReasoningDetailIn(data)),
        OpenAIChatPieceKind.Refusal => new RefusalDelta(Choice, Text.TextIn(data) ?? ""),
        OpenAIChatPieceKind.ToolCall => new ToolCallDelta(Choice, Index, MadeId ?? Id.TextIn(data), Name.TextIn(data), ArgumentsIn(data)),
        OpenAIChatPieceKind.Image => new ImageDelta(Choice, new ImagePart(Text.TextIn(data) ?? "", Id.TextIn(data))),
        OpenAIChatPieceKind.Extension => new ExtensionDelta(Choice < 0 ? null : Choice, Name.TextIn(data) ?? "", Json.ElementIn(data) ?? default),
        OpenAIChatPieceKind.ChoiceFinished => new ChoiceFinished(Choice, Reason, Text.TextIn(data)),
        OpenAIChatPieceKind.Usage => new UsageReported(parser.Usage ?? default),
        OpenAIChatPieceKind.Failed => new StreamFailed(parser.Error ?? new UpstreamError(null, null, null, null)),
        OpenAIChatPieceKind.Completed => StreamCompleted.Instance,
        _ => throw new InvalidOperationException($"A piece of kind {Kind} is no event."),
    };

    /// <summary>The structured reasoning of a reasoning piece.</summary>
    public readonly ReasoningDetail? ReasoningDetailIn(ReadOnlySpan<byte> data) => Json.IsPresent ? OpenAIChatReasoningDetails.Read(Json.In(data)) : null;

    /// <summary>The arguments of a tool call piece as text, whichever way they came.</summary>
    public readonly string? ArgumentsIn(ReadOnlySpan<byte> data)
    {
        if (!Json.IsPresent) return Text.TextIn(data);
        var output = new System.Buffers.ArrayBufferWriter<byte>(Json.Length);
        JsonBytes.WriteMinified(Json.In(data), output);
        return System.Text.Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
