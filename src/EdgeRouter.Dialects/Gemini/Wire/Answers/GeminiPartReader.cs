using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Gemini.Wire.Answers;

/// <summary>Turns the parts of one answer's candidates into canonical events. Not thread-safe.</summary>
internal sealed class GeminiPartReader
{
    /// <summary>Longest call id that every provider accepts, in case the conversation continues at another one.</summary>
    private const int MaxCallIdLength = 40;

    private int namelessCalls;

    /// <summary>The provider's id of the answer, if it gave one.</summary>
    public string? ResponseId { get; set; }

    /// <summary>Reads one part. <paramref name="logprobs"/>, when set, goes with the first text and is then null.</summary>
    public void Read(JsonElement part, GeminiCandidate candidate, ref JsonElement? logprobs, ICollection<StreamEvent> events)
    {
        if (part.ValueKind != JsonValueKind.Object) throw new UpstreamFormatException($"A part is {part.ValueKind}, expected Object.");
        var signature = part.GetText("thoughtSignature"u8);
        if (part.IsTrue("thought"u8))
        {
            // Pictures may be thoughts too: drafts that are not part of the answer, and that reasoning has no form for.
            if (part.GetText("text"u8) is { } thought) ReadThought(thought, signature, candidate, events);
            return;
        }
        if (part.TryGetObject("functionCall"u8, out var call))
        {
            ReadCall(call, signature, candidate, events);
            return;
        }
        if (part.GetText("text"u8) is { } text) ReadText(text, candidate, ref logprobs, events);
        else if (part.TryGetObject("inlineData"u8, out var data)) ReadMedia(data, candidate, events);
        else ReadOther(part, candidate, events);
        if (!string.IsNullOrEmpty(signature)) ReadSignature(signature, candidate, events);
    }

    private static void ReadThought(string text, string? signature, GeminiCandidate candidate, ICollection<StreamEvent> events)
    {
        if (text.Length == 0 && signature is null) return;
        var part = candidate.ContinueThought(events);
        events.Add(new ReasoningDelta(candidate.Index, part, Text: null, new ReasoningPart(ReasoningKind.Text)
        {
            Text = text,
            Signature = signature,
            Format = ReasoningFormats.Gemini,
            Index = candidate.OpenThought,
        }));
        if (signature is not null) candidate.EndPart(events);
    }

    private static void ReadText(string text, GeminiCandidate candidate, ref JsonElement? logprobs, ICollection<StreamEvent> events)
    {
        if (text.Length == 0) return;
        events.Add(new TextDelta(candidate.Index, candidate.ContinueText(events), text) { Logprobs = logprobs });
        logprobs = null;
    }

    /// <summary>A signature over the text or picture before it, which it ends.</summary>
    private static void ReadSignature(string signature, GeminiCandidate candidate, ICollection<StreamEvent> events)
    {
        var part = candidate.AddPart(events);
        events.Add(new PartAdded(candidate.Index, part, new ReasoningPart(ReasoningKind.Encrypted)
        {
            Data = signature,
            Format = ReasoningFormats.Gemini,
            Index = candidate.AddReasoning(),
        }));
    }

    private void ReadCall(JsonElement call, string? signature, GeminiCandidate candidate, ICollection<StreamEvent> events)
    {
        var name = call.GetText("name"u8);
        if (string.IsNullOrEmpty(name)) throw new UpstreamFormatException("'functionCall' has no 'name'.");
        var id = call.GetText("id"u8);
        if (string.IsNullOrEmpty(id)) id = MakeCallId(name);
        var arguments = call.TryGetObject("args"u8, out var args) ? args.GetRawText() : "{}";
        var head = new ToolCallPart(id, name, arguments) { Signature = string.IsNullOrEmpty(signature) ? null : signature };
        var part = candidate.AddPart(events);
        candidate.Calls++;
        events.Add(new PartStarted(candidate.Index, part, head));
        events.Add(new PartEnded(candidate.Index, part));
    }

    // Before Gemini 3 calls have no id. The answer's id makes this one unique in the conversation; count first, so that a long name cannot cut it off.
    private string MakeCallId(string name)
    {
        var id = ResponseId is null ? $"call_{namelessCalls++}_{name}" : $"call_{namelessCalls++}_{ResponseId}_{name}";
        return string.Create(Math.Min(id.Length, MaxCallIdLength), id, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsAsciiLetterOrDigit(source[i]) || source[i] is '_' or '-' ? source[i] : '_';
        });
    }

    private static void ReadMedia(JsonElement data, GeminiCandidate candidate, ICollection<StreamEvent> events)
    {
        candidate.EndPart(events);
        var mediaType = data.GetText("mimeType"u8) ?? "";
        var base64 = data.GetText("data"u8) ?? throw new UpstreamFormatException("'inlineData' has no 'data'.");
        if (mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase))
        {
            var part = candidate.AddPart(events);
            events.Add(new PartAdded(candidate.Index, part, new ImagePart($"data:{mediaType};base64,{base64}") { IsGenerated = true }));
        }
        else if (mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase))
            events.Add(new ExtensionDelta(candidate.Index, "audio", JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["data"] = base64 })));
        else
            Extend("inline_data", data, candidate, events);
    }

    private static void ReadOther(JsonElement part, GeminiCandidate candidate, ICollection<StreamEvent> events)
    {
        if (part.TryGetObject("executableCode"u8, out var code)) Extend("executable_code", code, candidate, events);
        else if (part.TryGetObject("codeExecutionResult"u8, out var result)) Extend("code_execution_result", result, candidate, events);
    }

    // As a list of one, so that several in one answer can be joined.
    private static void Extend(string name, JsonElement json, GeminiCandidate candidate, ICollection<StreamEvent> events) =>
        events.Add(new ExtensionDelta(candidate.Index, name, JsonSerializer.SerializeToElement(new[] { json })));
}
