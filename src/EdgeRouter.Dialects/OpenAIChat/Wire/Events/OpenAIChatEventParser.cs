using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Wire.Reports;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.Wire.Events;

/// <summary>
/// The only place that knows how the many speakers of the OpenAI Chat dialect answer. It turns an event of a stream (or a whole answer, which has the
/// same members) into pieces, and keeps what must be remembered from event to event. It allocates nothing for an event of plain text. Not thread-safe.
/// </summary>
internal sealed partial class OpenAIChatEventParser(CachedTokenCounting cachedTokens)
{
    private const int FewPieces = 16;
    private const int MaxChoices = 128;
    private const int MaxRememberedExtensions = 32;
    private const int MaxRememberedBytes = 16 * 1024;

    // Ids, names and words of a provider end in records and in every chunk; a longer one is no id, name or word.
    private const int MaxWordBytes = 1024;

    private readonly List<OpenAIChatChoiceState?> choices = [];
    private readonly List<(byte[] Name, byte[] Value)> chunkExtensions = [];
    private OpenAIChatPiece[] pieces = [];
    private int count;
    private bool started;
    private bool isWhole;
    private byte[] upstreamId = [];

    /// <summary>The pieces of the last event. Their ranges are in its data.</summary>
    public ReadOnlySpan<OpenAIChatPiece> Pieces => pieces.AsSpan(0, count);

    /// <summary>Gives the memory of the pieces back; there are none after it. So a stream that waits holds none.</summary>
    public void Release()
    {
        count = 0;
        if (pieces.Length > 0) ArrayPool<OpenAIChatPiece>.Shared.Return(pieces, clearArray: true);
        pieces = [];
    }

    /// <summary>Usage as the last event told it; null: it told none.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>Error that the last event told; null: none.</summary>
    public UpstreamError? Error { get; private set; }

    /// <summary>Parses one event of a stream.</summary>
    /// <exception cref="UpstreamFormatException">It is malformed.</exception>
    public void ParseEvent(ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> data)
    {
        Clear();
        var trimmed = data.Trim(" \t\r\n"u8);
        if (trimmed.IsEmpty) return;
        if (trimmed.SequenceEqual("[DONE]"u8)) Add(OpenAIChatPieceKind.Completed);
        else if (eventName.SequenceEqual("error"u8)) Fail(OpenAIChatErrorReader.ReadEvent(trimmed));
        else if (IsChunkEvent(eventName)) Parse(data);
    }

    /// <summary>Parses a whole answer. Needs a parser of its own.</summary>
    /// <exception cref="UpstreamFormatException">It is malformed.</exception>
    public void ParseWhole(ReadOnlySpan<byte> body)
    {
        Clear();
        isWhole = true;
        Parse(body);
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
        catch (JsonException exception)
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
        // The head may stand behind the choices but must be told first: its place is kept.
        Add(OpenAIChatPieceKind.None);
        JsonRange message = default;
        var isErrorObject = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8)) ReadChoices(ref reader, data);
            else if (reader.ValueTextEquals("id"u8)) head.Id = NextText(ref reader);
            else if (reader.ValueTextEquals("model"u8)) head.Name = NextText(ref reader);
            else if (reader.ValueTextEquals("system_fingerprint"u8)) head.Text = NextText(ref reader);
            else if (reader.ValueTextEquals("service_tier"u8)) head.Json = NextText(ref reader);
            else if (reader.ValueTextEquals("usage"u8)) ReadUsage(ref reader);
            else if (reader.ValueTextEquals("x_groq"u8)) ReadGroq(ref reader, data);
            else if (reader.ValueTextEquals("error"u8)) ReadError(ref reader, data);
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
            count = 1;
            Error ??= OpenAIChatErrorReader.ReadEvent(data);
        }
        // Azure opens with a chunk about the prompt that has neither id nor choice: it is not yet the answer.
        if (!started && (isWhole || head.Id.HasContent || choices.Count > 0 || Usage is not null)) Start(head, data);
        if (Usage is not null) Add(OpenAIChatPieceKind.Usage);
        if (Error is not null) EndWithError();
    }

    private void Start(OpenAIChatPiece head, ReadOnlySpan<byte> data)
    {
        started = true;
        head.Text = WordOrNone(head.Text);
        head.Json = WordOrNone(head.Json);
        head.Id = WordOrNone(head.Id);
        head.Name = WordOrNone(head.Name);
        pieces[0] = head;
        if (head.Id.IsPresent) upstreamId = head.Id.In(data).ToArray();
    }

    private static JsonRange WordOrNone(JsonRange word) => word is { HasContent: true, Length: <= MaxWordBytes } ? word : default;

    private void ReadUsage(ref Utf8JsonReader reader)
    {
        reader.Read();
        Usage = OpenAIChatUsageReader.Read(ref reader, cachedTokens) ?? Usage;
    }

    /// <summary>Groq's own member holds usage on the last chunk, and errors.</summary>
    private void ReadGroq(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("usage"u8)) ReadUsage(ref reader);
            else if (reader.ValueTextEquals("error"u8)) ReadError(ref reader, data);
            else SkipNext(ref reader);
        }
    }

    private void ReadError(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        var value = NextValue(ref reader);
        var json = value.In(data);
        if (json.SequenceEqual("null"u8) || json.SequenceEqual("\"\""u8) || json.SequenceEqual("{}"u8)) return;
        Error ??= OpenAIChatErrorReader.ReadEvent(json);
    }

    private void Fail(UpstreamError error)
    {
        Error = error;
        Add(OpenAIChatPieceKind.Failed);
    }

    /// <summary>On a stream the error ends the choices; a finish reason beside it would be told twice.</summary>
    private void EndWithError()
    {
        for (var i = 0; i < count && !isWhole; i++)
            if (pieces[i].Kind == OpenAIChatPieceKind.ChoiceFinished) pieces[i].Kind = OpenAIChatPieceKind.None;
        Add(OpenAIChatPieceKind.Failed);
    }

    /// <summary>Members that mean nothing to a caller: the router writes its own, or they are padding against traffic analysis (OpenAI, Mistral).</summary>
    private static bool IsChunkNoise(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("created"u8) || reader.ValueTextEquals("provider"u8) || reader.ValueTextEquals("obfuscation"u8)
        || reader.ValueTextEquals("p"u8) || reader.ValueTextEquals("openrouter_metadata"u8);

    /// <summary>A member that repeats unchanged from chunk to chunk (Perplexity's citations) is told once.</summary>
    private void ReadChunkExtension(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        var name = JsonRange.OfString(ref reader, 0);
        var value = NextValue(ref reader);
        if (IsNothing(value.In(data)) || !IsNews(name.In(data), value.In(data))) return;
        ref var piece = ref Add(OpenAIChatPieceKind.Extension);
        piece.Choice = -1;
        piece.Name = name;
        piece.Json = value;
    }

    private bool IsNews(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (isWhole || name.Length + value.Length > MaxRememberedBytes) return true;
        for (var i = 0; i < chunkExtensions.Count; i++)
        {
            if (!name.SequenceEqual(chunkExtensions[i].Name)) continue;
            if (value.SequenceEqual(chunkExtensions[i].Value)) return false;
            chunkExtensions[i] = (chunkExtensions[i].Name, value.ToArray());
            return true;
        }
        if (chunkExtensions.Count < MaxRememberedExtensions) chunkExtensions.Add((name.ToArray(), value.ToArray()));
        return true;
    }

    private static bool IsNothing(ReadOnlySpan<byte> json) =>
        json.SequenceEqual("null"u8) || json.SequenceEqual("[]"u8) || json.SequenceEqual("{}"u8) || json.SequenceEqual("\"\""u8);

    private static JsonRange NextText(ref Utf8JsonReader reader)
    {
        reader.Read();
        return JsonRange.OfStringOrNone(ref reader, 0);
    }

    private static JsonRange NextValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        return JsonRange.OfValue(ref reader, 0);
    }

    private static void SkipNext(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    private ref OpenAIChatPiece Add(OpenAIChatPieceKind kind)
    {
        if (count == pieces.Length) Grow();
        pieces[count] = new OpenAIChatPiece { Kind = kind };
        return ref pieces[count++];
    }

    private void Grow()
    {
        var larger = ArrayPool<OpenAIChatPiece>.Shared.Rent(Math.Max(FewPieces, count * 2));
        pieces.AsSpan(0, count).CopyTo(larger);
        if (pieces.Length > 0) ArrayPool<OpenAIChatPiece>.Shared.Return(pieces, clearArray: true);
        pieces = larger;
    }

    private void Clear()
    {
        count = 0;
        Usage = null;
        Error = null;
    }
}
