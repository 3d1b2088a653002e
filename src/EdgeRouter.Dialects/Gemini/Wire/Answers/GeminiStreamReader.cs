using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Gemini.Wire.Answers;

/// <summary>
/// Reads <c>GenerateContentResponse</c> objects: the events of a stream, or the one body of a whole answer. The wire has no terminator: an answer is
/// complete when every candidate has a finish reason. Usage may still follow, and is reported again.
/// </summary>
internal sealed class GeminiStreamReader : IWireStreamReader
{
    /// <summary>Far above what the provider allows (8). Bounds what a hostile stream can make the router keep.</summary>
    private const int MaxCandidates = 128;

    private readonly List<GeminiCandidate> candidates = [];
    private readonly GeminiPartReader parts = new();
    private bool started;
    private bool completed;

    public void Read(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, ICollection<StreamEvent> events)
    {
        using var document = GeminiJson.Parse(data);
        try
        {
            ReadChunk(document.RootElement, events);
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            // Kinds are checked before a value is read, so here these exceptions mean half a surrogate pair (\ud83d alone).
            throw new UpstreamFormatException("A string is not valid Unicode.", e);
        }
    }

    /// <summary>Whether a piece of text, or of a thought, continues what is open, so that reading it would change nothing.</summary>
    public bool Continues(int index, bool isThought)
    {
        foreach (var candidate in candidates)
            if (candidate.Index == index) return !candidate.Finished && (isThought ? candidate.OpenThoughtPart : candidate.OpenText) != TextDelta.NoPart;
        return false;
    }

    private void ReadChunk(JsonElement chunk, ICollection<StreamEvent> events)
    {
        if (GeminiErrorReader.TryRead(chunk, out var error))
        {
            events.Add(new StreamFailed(error));
            return;
        }
        if (chunk.ValueKind != JsonValueKind.Object) throw new UpstreamFormatException($"An event is {chunk.ValueKind}, expected Object.");

        var hasUsage = chunk.TryGetObject("usageMetadata"u8, out var usage);
        Start(chunk, hasUsage ? usage : null, events);
        if (chunk.TryGetArray("candidates"u8, out var list))
            foreach (var candidate in list.EnumerateArray()) ReadCandidate(candidate, events);
        ReadBlockedPrompt(chunk, events);
        if (hasUsage) events.Add(new UsageReported(GeminiUsageReader.Read(usage)));
        Complete(events);
    }

    private void Start(JsonElement chunk, JsonElement? usage, ICollection<StreamEvent> events)
    {
        if (started) return;
        started = true;
        var id = chunk.GetText("responseId"u8);
        parts.ResponseId = id;
        var tier = usage?.GetText("serviceTier"u8);
        if (tier == "standard") tier = "default";
        events.Add(new ResponseStarted(id, chunk.GetText("modelVersion"u8), SystemFingerprint: null, tier));
    }

    private void ReadCandidate(JsonElement json, ICollection<StreamEvent> events)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new UpstreamFormatException($"A candidate is {json.ValueKind}, expected Object.");
        var candidate = Find(json.GetCount("index"u8) ?? 0, events);
        var logprobs = GeminiLogprobsReader.Read(json);
        if (json.TryGetObject("content"u8, out var content) && content.TryGetArray("parts"u8, out var list))
            foreach (var part in list.EnumerateArray()) parts.Read(part, candidate, ref logprobs, events);
        if (logprobs is not null) events.Add(new TextDelta(candidate.Index, candidate.OpenText, "") { Logprobs = logprobs });
        GeminiGroundingReader.Read(json, candidate, events);
        // The provider's word for "not given".
        if (json.GetText("finishReason"u8) is not { } native || native == "FINISH_REASON_UNSPECIFIED" || candidate.Finished) return;
        candidate.Finished = true;
        candidate.EndPart(events);
        events.Add(new ChoiceFinished(candidate.Index, GeminiFinishReasons.Translate(native, candidate.Calls > 0), native));
    }

    private GeminiCandidate Find(long index, ICollection<StreamEvent> events)
    {
        foreach (var candidate in candidates)
            if (candidate.Index == index) return candidate;
        if (index >= MaxCandidates) throw new UpstreamFormatException($"Candidate index {index}, expected less than {MaxCandidates}.");
        var added = new GeminiCandidate((int)index);
        candidates.Add(added);
        events.Add(new ChoiceStarted(added.Index));
        return added;
    }

    // A refused prompt has no candidates at all; it becomes one choice that the filter ended.
    private void ReadBlockedPrompt(JsonElement chunk, ICollection<StreamEvent> events)
    {
        if (candidates.Count > 0 || !chunk.TryGetObject("promptFeedback"u8, out var feedback) || feedback.GetText("blockReason"u8) is not { } reason) return;
        Find(0, events).Finished = true;
        events.Add(new ChoiceFinished(0, FinishReason.ContentFilter, reason));
    }

    private void Complete(ICollection<StreamEvent> events)
    {
        if (completed || candidates.Count == 0) return;
        foreach (var candidate in candidates)
            if (!candidate.Finished) return;
        completed = true;
        events.Add(StreamCompleted.Instance);
    }
}
