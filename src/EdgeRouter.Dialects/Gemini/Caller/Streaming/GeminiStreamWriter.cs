using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Gemini.Caller.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Gemini.Caller.Streaming;

/// <summary>
/// Writes canonical events as answers in pieces, one part each. A call is written whole when its arguments are complete. The last piece has the reason of every
/// candidate's end, the pages that it cites, and the usage.
/// </summary>
internal sealed class GeminiStreamWriter(AnswerHeader header, bool isArray) : ICallerStreamWriter
{
    private readonly List<GeminiOpenCandidate> candidates = [];
    private GeminiFrames frames = new(isArray);

    /// <inheritdoc/>
    public void Write(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        switch (streamEvent)
        {
            case PartEvent part: Write(part, Of(part.Choice), output); break;
            case ChoiceStarted started: Of(started.Choice); break;
            case ChoiceFinished finished: Of(finished.Choice).Finish ??= finished; break;
            case ExtensionDelta { Choice: { } choice } extension: WriteExtension(choice, extension, output); break;
            case ExtensionDelta or ResponseStarted or UsageReported: break; // told at the end, or members of other APIs
            case StreamFailed or StreamCompleted: break; // the caller of Complete and Fail knows them
            default: throw new ArgumentException($"An event of type {streamEvent.GetType().Name} has no place in an answer.", nameof(streamEvent));
        }
    }

    /// <inheritdoc/>
    public void Complete(UsageReport report, IBufferWriter<byte> output)
    {
        if (candidates.Count == 0) Of(0);
        foreach (var candidate in candidates)
            foreach (var call in candidate.TakeCalls()) WriteCall(candidate.Index, call, output);
        frames.Begin(output);
        GeminiAnswerLayout.Open(output);
        for (var i = 0; i < candidates.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            var (candidate, finish) = (candidates[i], candidates[i].Finish);
            GeminiAnswerLayout.OpenCandidate(output);
            // Google's own last piece has an empty text.
            GeminiAnswerLayout.WriteText("", JsonText.Null, output);
            GeminiAnswerLayout.CloseParts(candidate.Index, GeminiReasons.Of(finish?.Reason, finish?.NativeReason, candidate.Refuses), output);
            WriteEnd(candidate, output);
            output.Write("}"u8);
        }
        GeminiAnswerLayout.CloseCandidates(header, output);
        GeminiUsageWriter.WriteMember(report, output);
        RouterMetadataJson.WriteMember(report.RouterMetadata, output);
        output.Write("}"u8);
        frames.End(output);
        frames.Close(output);
    }

    /// <inheritdoc/>
    public void Fail(RouterError error, UsageReport report, IBufferWriter<byte> output) => GeminiChunkLayout.WriteError(error, report, ref frames, output);

    /// <summary>Writes a text that is held in any form.</summary>
    public void WriteText(int candidate, JsonText text, JsonElement? logprobs, IBufferWriter<byte> output)
    {
        OpenPart(output);
        GeminiAnswerLayout.WriteText(text, JsonText.Null, output);
        ClosePart(candidate, logprobs, output);
    }

    /// <summary>Writes a thought that is held in any form, unless the caller wants none.</summary>
    public void WriteThought(int candidate, JsonText text, JsonText signature, IBufferWriter<byte> output)
    {
        OpenPart(output);
        GeminiAnswerLayout.WriteThought(text, signature, output);
        ClosePart(candidate, null, output);
    }

    /// <summary>Writes a part that the content model has no place for, as it is.</summary>
    public void WriteCopied(int candidate, JsonElement part, IBufferWriter<byte> output)
    {
        OpenPart(output);
        JsonBytes.Write(part, output);
        ClosePart(Of(candidate).Index, null, output);
    }

    /// <summary>Keeps a member of a candidate that the content model has no place for, for the last piece.</summary>
    public void Keep(int candidate, string name, ReadOnlySpan<byte> json) => Of(candidate).Keep(name, json);

    private static void WriteEnd(GeminiOpenCandidate candidate, IBufferWriter<byte> output)
    {
        if (candidate.Kept?.ContainsKey(GeminiAnswerLayout.Grounding) != true) GeminiAnswerLayout.WriteCitations(candidate.Citations, output);
        if (candidate.Kept is null) return;
        foreach (var (name, json) in candidate.Kept)
        {
            output.Write(","u8);
            ((JsonText)name).WriteValue(output);
            output.Write(":"u8);
            JsonBytes.WriteMinified(json, output);
        }
    }

    private GeminiOpenCandidate Of(int index)
    {
        foreach (var known in candidates)
            if (known.Index == index) return known;
        var added = new GeminiOpenCandidate(index);
        candidates.Add(added);
        return added;
    }

    private void Write(PartEvent part, GeminiOpenCandidate candidate, IBufferWriter<byte> output)
    {
        switch (part)
        {
            case PartStarted started: Begin(started, candidate, output); break;
            case PartEnded ended: End(ended.Part, candidate, output); break;
            case PartAdded added: Add(added.Content, candidate.Index, output); break;
            case CitationsAdded added: candidate.Cite(added.Citations); break;
            case TextDelta delta when delta.Text.Length > 0 || delta.Logprobs is not null:
                WriteText(candidate.Index, delta.Text, delta.Logprobs, output);
                break;
            case RefusalDelta { Text.Length: > 0 } delta: WriteText(candidate.Index, delta.Text, null, output); break;
            case ReasoningDelta delta: AddThought(candidate, delta, output); break;
            case ToolCallDelta delta: candidate.CallOf(delta.Part)?.Add(delta); break;
        }
    }

    private void Begin(PartStarted started, GeminiOpenCandidate candidate, IBufferWriter<byte> output)
    {
        switch (started.Head)
        {
            case RefusalPart: candidate.Refuses = true; break;
            case ToolCallPart call: candidate.Begin(started.Part, call); break;
            case ReasoningPart reasoning:
                candidate.Begin(started.Part, reasoning);
                if (!header.ExcludeReasoning && reasoning.Text is { Length: > 0 } text) WriteThought(candidate.Index, text, JsonText.Null, output);
                break;
        }
    }

    private void End(int part, GeminiOpenCandidate candidate, IBufferWriter<byte> output)
    {
        if (!candidate.EndCall(part))
        {
            if (candidate.TakeData(part) is { } data) Add(data, candidate.Index, output);
            return;
        }
        while (candidate.TakeCall() is { } call) WriteCall(candidate.Index, call, output);
    }

    private void Add(ContentPart part, int candidate, IBufferWriter<byte> output)
    {
        switch (part)
        {
            case ImagePart image:
                OpenPart(output);
                GeminiAnswerLayout.WriteImage(image.Url, null, output);
                ClosePart(candidate, null, output);
                break;
            case ReasoningPart reasoning:
                var thought = GeminiThought.Of(reasoning, header.ExcludeReasoning);
                if (thought.Text is null && thought.Signature is null) return;
                OpenPart(output);
                if (thought.IsThought) GeminiAnswerLayout.WriteThought(thought.Text ?? "", thought.Signature, output);
                else GeminiAnswerLayout.WriteText("", thought.Signature, output);
                ClosePart(candidate, null, output);
                break;
        }
    }

    private void AddThought(GeminiOpenCandidate candidate, ReasoningDelta delta, IBufferWriter<byte> output)
    {
        var head = candidate.Note(delta);
        var text = header.ExcludeReasoning ? null : GeminiThought.OrNull(delta.Block?.Text ?? delta.Text);
        var signed = head.Kind == ReasoningKind.Encrypted ? null : GeminiThought.OrNull(delta.Block?.Signature);
        if (text is null && signed is null) return;
        WriteThought(candidate.Index, text ?? "", signed is null ? null : GeminiThoughtSignature.Write(head, signed), output);
    }

    private void WriteExtension(int choice, ExtensionDelta extension, IBufferWriter<byte> output)
    {
        if (!GeminiAnswerLayout.IsPart(extension.Name, extension.Json)) return;
        OpenPart(output);
        GeminiAnswerLayout.WriteExtension(extension.Name, extension.Json, output);
        ClosePart(Of(choice).Index, null, output);
    }

    private void WriteCall(int candidate, GeminiOpenCall call, IBufferWriter<byte> output)
    {
        OpenPart(output);
        GeminiAnswerLayout.WriteCall(call.Id, call.Name, call.Arguments, GeminiThought.OrNull(call.Signature), output);
        ClosePart(candidate, null, output);
    }

    private void OpenPart(IBufferWriter<byte> output)
    {
        frames.Begin(output);
        GeminiAnswerLayout.Open(output);
        GeminiAnswerLayout.OpenCandidate(output);
    }

    private void ClosePart(int candidate, JsonElement? logprobs, IBufferWriter<byte> output)
    {
        GeminiAnswerLayout.CloseParts(candidate, null, output);
        GeminiLogprobsWriter.WriteMember(logprobs, output);
        output.Write("}"u8);
        GeminiAnswerLayout.CloseCandidates(header, output);
        output.Write("}"u8);
        frames.End(output);
    }
}
