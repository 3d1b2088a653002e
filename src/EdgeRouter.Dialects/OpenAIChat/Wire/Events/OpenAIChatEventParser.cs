using System.Text.Json;
using System.Text.Unicode;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Wires;
using static EdgeRouter.Dialects.OpenAIChat.Wire.Events.OpenAIChatEventJson;

namespace EdgeRouter.Dialects.OpenAIChat.Wire.Events;

/// <summary>
/// Turns an event of a stream (or a whole answer, which has the same members) into pieces. It and the readers beside it are the only place that knows
/// how the many providers of this format differ in their answers. It allocates nothing for an event of plain text. Not thread-safe.
/// </summary>
internal sealed class OpenAIChatEventParser
{
    private readonly OpenAIChatPieces pieces = new();
    private readonly OpenAIChatEventReports reports;
    private readonly OpenAIChatChoiceReader choices;
    private OpenAIChatChunkExtensions? extensions;
    private bool started;

    /// <summary>A parser for one answer.</summary>
    /// <param name="cachedTokens">Where the provider counts cached tokens.</param>
    public OpenAIChatEventParser(CachedTokenCounting cachedTokens)
    {
        reports = new OpenAIChatEventReports(cachedTokens);
        choices = new OpenAIChatChoiceReader(pieces, reports);
    }

    /// <summary>The pieces of the last event. Their ranges are in its data.</summary>
    public ReadOnlySpan<OpenAIChatPiece> Pieces => pieces.All;

    /// <summary>Usage as the last event reported it; null: it reported none.</summary>
    public TokenUsage? Usage => reports.Usage;

    /// <summary>Error that the last event reported; null: none.</summary>
    public UpstreamError? Error => reports.Error;

    /// <summary>Gives the memory of the pieces back; there are none after it.</summary>
    public void Release() => pieces.Release();

    /// <summary>Parses one event of a stream.</summary>
    /// <exception cref="UpstreamFormatException">It is malformed.</exception>
    public void ParseEvent(ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> data)
    {
        Clear();
        var trimmed = data.Trim(" \t\r\n"u8);
        if (trimmed.IsEmpty) return;
        if (trimmed.SequenceEqual("[DONE]"u8)) pieces.Add(OpenAIChatPieceKind.Completed);
        else if (eventName.SequenceEqual("error"u8))
        {
            reports.Fail(trimmed);
            pieces.Add(OpenAIChatPieceKind.Failed);
        }
        else if (IsChunkEvent(eventName)) Parse(data);
    }

    /// <summary>Parses a whole answer. Needs a parser of its own.</summary>
    /// <exception cref="UpstreamFormatException">It is malformed.</exception>
    public void ParseWhole(ReadOnlySpan<byte> body)
    {
        Clear();
        pieces.IsWhole = true;
        Parse(body);
    }

    private void Clear()
    {
        pieces.Clear();
        reports.Clear();
    }

    private static bool IsChunkEvent(ReadOnlySpan<byte> name) =>
        name.IsEmpty || name.SequenceEqual("message"u8) || name.SequenceEqual("data"u8) || name.SequenceEqual("completion"u8)
            || name.StartsWith("chat.completion"u8);

    private void Parse(ReadOnlySpan<byte> data)
    {
        // Checked once for the whole event, so that copying ranges and decoding them can never disagree about broken bytes.
        if (!Utf8.IsValid(data)) throw new UpstreamFormatException("The upstream's answer is not UTF-8.");
        try
        {
            ParseObject(data);
        }
        // The latter, where a name holds half of a surrogate pair.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new UpstreamFormatException("The upstream's answer is not valid JSON.", exception);
        }
    }

    private void ParseObject(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new UpstreamFormatException("The upstream's answer is not a JSON object.");
        var head = new OpenAIChatPiece { Kind = OpenAIChatPieceKind.ResponseStarted };
        // The head may come after the choices but must be the first piece: its place is reserved.
        pieces.Add(OpenAIChatPieceKind.None);
        JsonRange message = default;
        var isErrorObject = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8)) choices.ReadChoices(ref reader, data);
            else if (reader.ValueTextEquals("id"u8)) head.Id = NextText(ref reader);
            else if (reader.ValueTextEquals("model"u8)) head.Name = NextText(ref reader);
            else if (reader.ValueTextEquals("system_fingerprint"u8)) head.Text = NextText(ref reader);
            else if (reader.ValueTextEquals("service_tier"u8)) head.Json = NextText(ref reader);
            else if (reader.ValueTextEquals("usage"u8)) reports.ReadUsage(ref reader);
            else if (reader.ValueTextEquals("x_groq"u8)) reports.ReadGroq(ref reader, data);
            else if (reader.ValueTextEquals("error"u8)) reports.ReadError(ref reader, data);
            else if (reader.ValueTextEquals("object"u8))
            {
                reader.Read();
                isErrorObject = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("error"u8);
                reader.Skip();
            }
            else if (reader.ValueTextEquals("message"u8)) message = NextValue(ref reader);
            else if (IsChunkNoise(ref reader)) SkipNext(ref reader);
            else ReadChunkExtension(ref reader, data);
        }
        reader.Read();

        // vLLM's older form of an error has its members at the top.
        if (isErrorObject && message.IsPresent)
        {
            pieces.KeepFirst();
            reports.Fail(data);
        }
        // Azure opens with a chunk about the prompt that has neither id nor choice: it is not yet the answer.
        if (!started && (pieces.IsWhole || head.Id.HasContent || choices.HasChoices || Usage is not null)) Start(head, data);
        if (Usage is not null) pieces.Add(OpenAIChatPieceKind.Usage);
        if (Error is not null) EndWithError();
    }

    private void Start(OpenAIChatPiece head, ReadOnlySpan<byte> data)
    {
        started = true;
        head.Text = WordOrNone(head.Text);
        head.Json = WordOrNone(head.Json);
        head.Id = WordOrNone(head.Id);
        head.Name = WordOrNone(head.Name);
        pieces.SetFirst(head);
        if (head.Id.IsPresent) pieces.AnswerId = head.Id.In(data).ToArray();
    }

    /// <summary>On a stream the error ends the choices; a finish reason beside it would be a second end.</summary>
    private void EndWithError()
    {
        if (!pieces.IsWhole) pieces.Blank(OpenAIChatPieceKind.ChoiceFinished);
        pieces.Add(OpenAIChatPieceKind.Failed);
    }

    /// <summary>Members that mean nothing to a caller: the router writes its own, or they are padding against traffic analysis (OpenAI, Mistral).</summary>
    private static bool IsChunkNoise(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("created"u8) || reader.ValueTextEquals("provider"u8) || reader.ValueTextEquals("obfuscation"u8)
        || reader.ValueTextEquals("p"u8) || reader.ValueTextEquals("openrouter_metadata"u8);

    private void ReadChunkExtension(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        var name = JsonRange.OfString(ref reader, 0);
        var value = NextValue(ref reader);
        if (IsNothing(value.In(data))) return;
        if (!pieces.IsWhole && !(extensions ??= new()).IsNew(name.In(data), value.In(data))) return;
        ref var piece = ref pieces.Add(OpenAIChatPieceKind.Extension);
        (piece.Choice, piece.Name, piece.Json) = (-1, name, value);
    }
}
