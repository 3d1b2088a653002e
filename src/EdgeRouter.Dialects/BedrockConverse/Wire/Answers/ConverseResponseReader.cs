using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Answers;

/// <summary>Reads a whole answer: one choice, each block a part, in their order. Unknown blocks are skipped.</summary>
internal sealed class ConverseResponseReader
{
    private readonly List<ContentPart> parts = [];
    private int reasoningBlocks;

    private ConverseResponseReader() { }

    public static ChatResponse Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return new ConverseResponseReader().ReadAnswer(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new UpstreamFormatException("The answer is not valid JSON.", error);
        }
    }

    private ChatResponse ReadAnswer(JsonElement answer)
    {
        if (!ConverseJson.TryGetObject(answer, "output"u8, out var output) || !ConverseJson.TryGetObject(output, "message"u8, out var message))
            throw new UpstreamFormatException("The answer has no message.");
        foreach (var block in ConverseJson.Entries(message, "content"u8)) ReadBlock(block);
        var stopReason = ConverseJson.Text(answer, "stopReason"u8);
        return new ChatResponse
        {
            ServiceTier = ConverseJson.TryGetObject(answer, "serviceTier"u8, out var tier) ? ConverseJson.Text(tier, "type"u8) : null,
            Usage = ConverseJson.TryGetObject(answer, "usage"u8, out var usage) ? ConverseUsageReader.Read(usage) : null,
            Choices =
            [
                new ChatChoice
                {
                    Index = 0,
                    Message = new ChatMessage { Role = ChatRole.Assistant, Content = parts },
                    FinishReason = stopReason is null ? null : ConverseStopReasons.ToCanonical(stopReason),
                    NativeFinishReason = stopReason,
                },
            ],
        };
    }

    private void ReadBlock(JsonElement block)
    {
        if (ConverseJson.Text(block, "text"u8) is { } text)
        {
            if (text.Length > 0) parts.Add(new TextPart(text));
        }
        else if (ConverseJson.TryGetObject(block, "toolUse"u8, out var call)) ReadCall(call);
        else if (ConverseJson.TryGetObject(block, "reasoningContent"u8, out var reasoning)) ReadReasoning(reasoning);
        else if (ConverseJson.TryGetObject(block, "citationsContent"u8, out var cited)) ReadCited(cited);
        else if (ConverseJson.TryGetObject(block, "image"u8, out var image) && ConverseParts.Image(image) is { } picture) parts.Add(picture);
    }

    private void ReadCall(JsonElement call)
    {
        var id = ConverseJson.Text(call, "toolUseId"u8) ?? throw new UpstreamFormatException("A call of a tool has no id.");
        var name = ConverseJson.Text(call, "name"u8) ?? throw new UpstreamFormatException("A call of a tool has no name.");
        parts.Add(new ToolCallPart(id, name, ConverseJson.TryGetObject(call, "input"u8, out var input) ? input.GetRawText() : "{}"));
    }

    private void ReadReasoning(JsonElement reasoning)
    {
        if (ConverseJson.TryGetObject(reasoning, "reasoningText"u8, out var thought))
            parts.Add(ConverseParts.Thought(reasoningBlocks++, ConverseJson.Text(thought, "text"u8) ?? "", ConverseJson.Text(thought, "signature"u8)));
        else if (ConverseJson.Text(reasoning, "redactedContent"u8) is { Length: > 0 } data)
            parts.Add(ConverseParts.Redacted(reasoningBlocks++, data));
    }

    private void ReadCited(JsonElement cited)
    {
        string? text = null;
        foreach (var content in ConverseJson.Entries(cited, "content"u8)) text += ConverseJson.Text(content, "text"u8);
        if (!string.IsNullOrEmpty(text)) parts.Add(new TextPart(text));
        foreach (var citation in ConverseJson.Entries(cited, "citations"u8))
            if (ConverseParts.Citation(citation) is { } page) parts.Add(page);
    }
}
