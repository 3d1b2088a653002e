using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Wire.Events;

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

    /// <summary>
    /// The head of a <see cref="ToolCallPart"/> or a <see cref="ToolCallDelta"/>: Index (number of the call), Id or MadeId (of a head), Name, Text
    /// (arguments), Json (arguments that came as an object).
    /// </summary>
    ToolCall,

    /// <summary><see cref="ImagePart"/>: Text (URL), Id (detail).</summary>
    Image,

    /// <summary><see cref="ExtensionDelta"/> or <see cref="CitationsAdded"/>: Name, Json; Choice is -1 for the chunk.</summary>
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
/// A canonical event that is not allocated yet: its texts are still ranges of the provider's bytes. The canonical reader makes an event of each piece;
/// the fast path copies the ranges. <see cref="OpenAIChatPieceKind"/> says which members are used.
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

    /// <summary>Makes the event. Of a tool call that begins, <see cref="ToCall"/> makes the head.</summary>
    /// <param name="data">The data in which the ranges are.</param>
    /// <param name="parser">The parser that made the piece.</param>
    /// <param name="part">Number of the part that the piece belongs to, of those that belong to one.</param>
    public readonly StreamEvent ToEvent(ReadOnlySpan<byte> data, OpenAIChatEventParser parser, int part) => Kind switch
    {
        OpenAIChatPieceKind.ResponseStarted => new ResponseStarted(Id.TextIn(data), Name.TextIn(data), Text.TextIn(data), Json.TextIn(data)),
        OpenAIChatPieceKind.ChoiceStarted => new ChoiceStarted(Choice),
        OpenAIChatPieceKind.Text => new TextDelta(Choice, part, Text.TextIn(data) ?? "") { Logprobs = Json.ElementIn(data) },
        OpenAIChatPieceKind.Reasoning => new ReasoningDelta(Choice, part, Text.TextIn(data), BlockIn(data)),
        OpenAIChatPieceKind.Refusal => new RefusalDelta(Choice, part, Text.TextIn(data) ?? ""),
        OpenAIChatPieceKind.ToolCall => new ToolCallDelta(Choice, part, ArgumentsIn(data)) { Name = Name.TextIn(data) },
        OpenAIChatPieceKind.Image => new PartAdded(Choice, part, new ImagePart(Text.TextIn(data) ?? "", Id.TextIn(data)) { IsGenerated = true }),
        OpenAIChatPieceKind.Extension => ToExtension(data, part),
        OpenAIChatPieceKind.ChoiceFinished => new ChoiceFinished(Choice, Reason, Text.TextIn(data)),
        OpenAIChatPieceKind.Usage => new UsageReported(parser.Usage ?? default),
        OpenAIChatPieceKind.Failed => new StreamFailed(parser.Error ?? new UpstreamError(null, null, null, null)),
        OpenAIChatPieceKind.Completed => StreamCompleted.Instance,
        _ => throw new InvalidOperationException($"A piece of kind {Kind} is no event."),
    };

    /// <summary>Makes the head of the tool call that begins.</summary>
    public readonly ToolCallPart ToCall(ReadOnlySpan<byte> data) =>
        new(MadeId ?? Id.TextIn(data) ?? "", Name.TextIn(data) ?? "", ArgumentsIn(data) ?? "");

    /// <summary>The structured form of a reasoning piece; null: it has none.</summary>
    public readonly ReasoningPart? BlockIn(ReadOnlySpan<byte> data) => Json.IsPresent ? OpenAIChatReasoningDetails.Read(Json.In(data)) : null;

    /// <summary>The arguments of a tool call piece as text, in whichever form they came.</summary>
    public readonly string? ArgumentsIn(ReadOnlySpan<byte> data)
    {
        if (!Json.IsPresent) return Text.TextIn(data);
        var output = new System.Buffers.ArrayBufferWriter<byte>(Json.Length);
        JsonBytes.WriteMinified(Json.In(data), output);
        return System.Text.Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private readonly StreamEvent ToExtension(ReadOnlySpan<byte> data, int part)
    {
        var name = Name.TextIn(data) ?? "";
        var json = Json.ElementIn(data) ?? default;
        if (Choice < 0) return new ExtensionDelta(null, name, json);
        return name.Equals(OpenAIChatAnnotations.Member, StringComparison.Ordinal) && OpenAIChatAnnotations.TryRead(json) is { } citations
            ? new CitationsAdded(Choice, part, citations)
            : new ExtensionDelta(Choice, name, json);
    }
}
