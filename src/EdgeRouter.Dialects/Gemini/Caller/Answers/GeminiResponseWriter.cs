using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Gemini.Caller.Answers;

/// <summary>Writes a whole answer: one candidate for each choice, its parts in their order, the pages that it cites behind them.</summary>
internal sealed class GeminiResponseWriter
{
    private readonly IBufferWriter<byte> output;
    private readonly bool hidesThoughts;
    private bool hasParts;

    private GeminiResponseWriter(IBufferWriter<byte> output, bool hidesThoughts)
    {
        this.output = output;
        this.hidesThoughts = hidesThoughts;
    }

    /// <summary>Writes the body.</summary>
    public static void Write(ChatResponse response, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output)
    {
        GeminiAnswerLayout.Open(output);
        for (var i = 0; i < response.Choices.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            new GeminiResponseWriter(output, header.ExcludeReasoning).Write(response.Choices[i]);
        }
        GeminiAnswerLayout.CloseCandidates(header, output);
        GeminiUsageWriter.WriteMember(usage, output);
        RouterMetadataJson.WriteMember(usage.RouterMetadata, output);
        output.Write("}"u8);
    }

    private void Write(ChatChoice choice)
    {
        var content = choice.Message.Content;
        GeminiAnswerLayout.OpenCandidate(output);
        // Their place among the other parts is not known here.
        foreach (var (name, json) in choice.Message.Extensions)
        {
            if (!GeminiAnswerLayout.IsPart(name, json)) continue;
            Next();
            GeminiAnswerLayout.WriteExtension(name, json, output);
        }
        for (var i = 0; i < content.Count; i++) i = WritePart(content, i);
        GeminiAnswerLayout.CloseParts(choice.Index, GeminiReasons.Of(choice.FinishReason, choice.NativeFinishReason, content.Has<RefusalPart>()), output);
        GeminiLogprobsWriter.WriteMember(choice.Logprobs, output);
        if (content.Has<CitationPart>()) GeminiAnswerLayout.WriteCitations([.. content.OfType<CitationPart>()], output);
        output.Write("}"u8);
    }

    /// <summary>Writes a part with Google's signature behind it.</summary>
    /// <returns>Index of the last part written.</returns>
    private int WritePart(IReadOnlyList<ContentPart> content, int index)
    {
        // Only what follows directly is about this part.
        var signature = index + 1 < content.Count && content[index + 1] is ReasoningPart next ? GeminiThought.SignatureBehind(next) : null;
        switch (content[index])
        {
            case TextPart { Text: var text } when text.Length > 0:
                Next();
                GeminiAnswerLayout.WriteText(text, signature, output);
                return signature is null ? index : index + 1;
            case ImagePart image:
                Next();
                GeminiAnswerLayout.WriteImage(image.Url, signature, output);
                return signature is null ? index : index + 1;
            case RefusalPart { Text: var refusal } when refusal.Length > 0:
                Next();
                GeminiAnswerLayout.WriteText(refusal, JsonText.Null, output);
                break;
            case ToolCallPart call:
                Next();
                GeminiAnswerLayout.WriteCall(call.Id, call.Name, call.Arguments, GeminiThought.OrNull(call.Signature), output);
                break;
            case ReasoningPart reasoning:
                WriteThought(GeminiThought.Of(reasoning, hidesThoughts));
                break;
        }
        return index;
    }

    private void WriteThought(GeminiThought thought)
    {
        if (thought.Text is null && thought.Signature is null) return;
        Next();
        if (thought.IsThought) GeminiAnswerLayout.WriteThought(thought.Text ?? "", thought.Signature, output);
        else GeminiAnswerLayout.WriteText("", thought.Signature, output);
    }

    private void Next()
    {
        if (hasParts) output.Write(","u8);
        hasParts = true;
    }
}
