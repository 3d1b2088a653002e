using System.Text.Json;
using System.Text.Unicode;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat;
using EdgeRouter.Dialects.OpenAIChat.Wire.Reports;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Completions.Wire;

/// <summary>A provider's completion, whole or one chunk of it, as ranges of its bytes. Unknown members are skipped. Not thread-safe.</summary>
/// <param name="counting">Where the provider counts cached tokens.</param>
/// <param name="echoed">The prompts that the texts begin with; null: none.</param>
internal sealed class CompletionAnswer(CachedTokenCounting counting, EchoedPrompts? echoed = null)
{
    private readonly List<CompletionChoice> choices = [];

    /// <summary>The provider's id.</summary>
    public JsonRange Id { get; private set; }

    /// <summary>The provider's fingerprint.</summary>
    public JsonRange Fingerprint { get; private set; }

    /// <summary>Usage, if it is reported.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>An error inside the answer.</summary>
    public UpstreamError? Error { get; private set; }

    /// <summary>The choices.</summary>
    public IReadOnlyList<CompletionChoice> Choices => choices;

    /// <summary>Reads one JSON value, which replaces the last one.</summary>
    /// <exception cref="UpstreamFormatException">It is not a completion.</exception>
    public void Read(ReadOnlySpan<byte> json)
    {
        (Id, Fingerprint, Usage, Error) = (default, default, null, null);
        choices.Clear();
        // Its texts are copied to the caller as they are.
        if (!Utf8.IsValid(json)) throw new UpstreamFormatException("The answer is not UTF-8.");
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw new UpstreamFormatException("The answer is not a JSON object.");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) ReadMember(ref reader, json);
            reader.Read();
        }
        // The latter, where a name or a text holds half of a surrogate pair.
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new UpstreamFormatException("The answer is not JSON.", malformed);
        }
    }

    /// <summary>Updates the progress from it.</summary>
    public void Note(ReadOnlySpan<byte> json, StreamProgress progress)
    {
        if (Id.IsPresent) progress.UpstreamId ??= Id.TextIn(json);
        if (Usage is not null) progress.Usage = Usage;
        if (Error is not null) progress.Error = Error;
        foreach (var choice in choices)
        {
            if (choice.Text.HasContent)
            {
                progress.TokenSeen = true;
                var bytes = JsonStrings.DecodedLength(choice.Text.In(json));
                progress.OutputBytes += echoed?.CountGenerated(choice.Index, bytes) ?? bytes;
                progress.Kept?.AppendRaw(choice.Text.In(json));
            }
            if (choice.Finish is not { } finish) continue;
            progress.FinishedChoices++;
            progress.FinishReason = finish;
            progress.NativeFinishReason = choice.Native.TextIn(json);
        }
    }

    private void ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.ValueTextEquals("choices"u8)) ReadChoices(ref reader, json);
        else if (reader.ValueTextEquals("id"u8)) Id = Text(ref reader);
        else if (reader.ValueTextEquals("system_fingerprint"u8)) Fingerprint = Text(ref reader);
        else if (reader.ValueTextEquals("usage"u8))
        {
            reader.Read();
            Usage = OpenAIChatUsageReader.Read(ref reader, counting);
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.Null) Error = OpenAIChatErrorReader.ReadEvent(json);
            reader.Skip();
        }
        else Skip(ref reader);
    }

    private void ReadChoices(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray) throw new UpstreamFormatException("The choices are not an array.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw new UpstreamFormatException("A choice is not an object.");
            choices.Add(ReadChoice(ref reader, json));
        }
    }

    private CompletionChoice ReadChoice(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var index = choices.Count;
        JsonRange text = default, logprobs = default, native = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("text"u8)) text = Text(ref reader);
            else if (reader.ValueTextEquals("finish_reason"u8)) native = Text(ref reader);
            else if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var reported) && reported >= 0) index = reported;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("logprobs"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject) logprobs = JsonRange.OfValue(ref reader, 0);
                else reader.Skip();
            }
            else Skip(ref reader);
        }
        return new CompletionChoice(index, text, logprobs, native.IsPresent ? OpenAIChatFinishReasons.Read(native.In(json)) : null, native);
    }

    private static JsonRange Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return JsonRange.OfStringOrNone(ref reader, 0);
    }

    private static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}

/// <summary>A choice of a provider's completion.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Text">Its text, or the next piece of it.</param>
/// <param name="Logprobs">Its log probabilities; none: not sent.</param>
/// <param name="Finish">Why it ended; null: it did not, or the provider did not say.</param>
/// <param name="Native">The provider's own finish reason.</param>
internal readonly record struct CompletionChoice(int Index, JsonRange Text, JsonRange Logprobs, FinishReason? Finish, JsonRange Native);
