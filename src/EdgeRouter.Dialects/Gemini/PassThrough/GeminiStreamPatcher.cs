using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Gemini.Caller.Streaming;
using EdgeRouter.Dialects.Gemini.Wire.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Gemini.PassThrough;

/// <summary>
/// The fast path for streams between a provider and a caller that both speak Gemini. Byte for byte it writes what <see cref="CanonicalStreamTranscoder"/>
/// writes, but copies texts from the provider's bytes without making a string of them. What the content model has no place for (parts of Google's tools, the
/// whole of what grounds an answer) is copied as well. Not thread-safe.
/// </summary>
/// <param name="header">The head of the answer.</param>
/// <param name="isArray">Whether the caller's stream is an array.</param>
/// <param name="signed">Notes what the provider signs; null: nobody does.</param>
internal sealed class GeminiStreamPatcher(AnswerHeader header, bool isArray, SignedStream? signed) : IStreamTranscoder
{
    private readonly GeminiStreamReader reader = new();
    private readonly GeminiStreamWriter writer = new(header, isArray);
    private readonly List<StreamEvent> events = [];

    /// <summary>The provider's events that were copied only.</summary>
    public long FastEvents { get; private set; }

    /// <summary>The provider's events that needed canonical events.</summary>
    public long FallbackEvents { get; private set; }

    /// <inheritdoc/>
    public void Transcode(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, IBufferWriter<byte> output, StreamProgress progress)
    {
        if (GeminiCopiedText.Find(data.Span) is { } text && TryCopy(text, data.Span, output, progress))
        {
            FastEvents++;
            return;
        }
        FallbackEvents++;
        events.Clear();
        reader.Read(eventName, data, events);
        using var document = JsonDocument.Parse(data);
        var copiesParts = CopyUncarried(document.RootElement, output);
        foreach (var streamEvent in events)
        {
            progress.Observe(streamEvent);
            signed?.Observe(streamEvent);
            if (!copiesParts || streamEvent is not (PartEvent or ExtensionDelta)) writer.Write(streamEvent, output);
        }
        if (!copiesParts) return;
        progress.TokenSeen = true;
        progress.Kept?.Spoil();
    }

    /// <inheritdoc/>
    public TokenUsage? ReadLateUsage(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data)
    {
        events.Clear();
        reader.Read(eventName, data, events);
        return events.OfType<UsageReported>().LastOrDefault()?.Usage;
    }

    /// <inheritdoc/>
    public void Complete(UsageReport usage, IBufferWriter<byte> output)
    {
        signed?.Complete();
        writer.Complete(usage, output);
    }

    /// <inheritdoc/>
    public void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output) => writer.Fail(error, usage, output);

    private bool TryCopy(in GeminiCopiedText text, ReadOnlySpan<byte> bytes, IBufferWriter<byte> output, StreamProgress progress)
    {
        // Of a signed thought the text is noted too.
        if (!reader.Continues(text.Candidate, text.IsThought) || (text.IsThought && signed is not null)) return false;
        var raw = text.Text.In(bytes);
        if (text.Usage.ElementIn(bytes) is { } usage) progress.Usage = GeminiUsageReader.Read(usage);
        progress.TokenSeen = true;
        progress.OutputBytes += JsonStrings.DecodedLength(raw);
        if (!text.IsThought)
        {
            writer.WriteText(text.Candidate, JsonText.Raw(raw), null, output);
            progress.Kept?.AppendRaw(raw);
        }
        else if (!header.ExcludeReasoning) writer.WriteThought(text.Candidate, JsonText.Raw(raw), JsonText.Null, output);
        return true;
    }

    /// <summary>Copies what the content model has no place for.</summary>
    /// <returns>Whether the parts of the event were copied, all of them, so that they keep their order.</returns>
    private bool CopyUncarried(JsonElement chunk, IBufferWriter<byte> output)
    {
        if (chunk.ValueKind != JsonValueKind.Object || !chunk.TryGetArray("candidates"u8, out var candidates)) return false;
        var copies = false;
        foreach (var candidate in candidates.EnumerateArray())
        {
            foreach (var member in candidate.EnumerateObject())
                if (GeminiUncarried.IsMember(member.Name) && member.Value.ValueKind != JsonValueKind.Null)
                    writer.Keep(IndexOf(candidate), member.Name, JsonMarshal.GetRawUtf8Value(member.Value));
            copies |= GeminiUncarried.HasPart(candidate);
        }
        if (!copies) return false;
        foreach (var candidate in candidates.EnumerateArray())
            if (candidate.TryGetObject("content"u8, out var content) && content.TryGetArray("parts"u8, out var parts))
                foreach (var part in parts.EnumerateArray())
                    if (!header.ExcludeReasoning || !part.IsTrue("thought"u8)) writer.WriteCopied(IndexOf(candidate), part, output);
        return true;
    }

    private static int IndexOf(JsonElement candidate) => (int)(candidate.GetCount("index"u8) ?? 0);
}
