using System.Text.Json;
using System.Text.Unicode;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Answers;

/// <summary>
/// Reads a whole answer. It has one choice; each block is a part, in their order, and the web pages that a text cites follow it. Unknown blocks are skipped.
/// </summary>
internal sealed class AnthropicResponseReader
{
    private readonly List<ContentPart> parts = [];
    private int reasoningBlocks;

    private AnthropicResponseReader() { }

    public static ChatResponse Read(ReadOnlyMemory<byte> body)
    {
        // The JSON reader proves it of what becomes a string only, not of what is copied.
        if (!Utf8.IsValid(body.Span)) throw new UpstreamFormatException("The answer is not UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(body);
            return new AnthropicResponseReader().ReadMessage(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new UpstreamFormatException("The answer is not valid JSON.", error);
        }
    }

    private ChatResponse ReadMessage(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("content"u8, out var content) || content.ValueKind != JsonValueKind.Array)
            throw new UpstreamFormatException("The answer is not a message: it has no content array.");
        foreach (var block in content.EnumerateArray()) ReadBlock(block);
        var usage = new AnthropicUsageReader();
        var reportsUsage = message.TryGetProperty("usage"u8, out var reported) && reported.ValueKind == JsonValueKind.Object;
        if (reportsUsage) usage.Add(reported);
        var stopReason = AnthropicJson.Text(message, "stop_reason"u8);
        return new ChatResponse
        {
            UpstreamId = AnthropicJson.Text(message, "id"u8),
            UpstreamModel = AnthropicJson.Text(message, "model"u8),
            ServiceTier = usage.ServiceTier,
            Usage = reportsUsage ? usage.ToUsage() : null,
            Choices =
            [
                new ChatChoice
                {
                    Index = 0,
                    Message = new ChatMessage { Role = ChatRole.Assistant, Content = parts },
                    FinishReason = stopReason is null ? null : AnthropicFinishReasons.ToCanonical(stopReason),
                    NativeFinishReason = stopReason,
                    StopSequence = AnthropicJson.Text(message, "stop_sequence"u8),
                },
            ],
        };
    }

    private void ReadBlock(JsonElement block)
    {
        switch (AnthropicJson.RequiredText(block, "type"u8, "content block"))
        {
            case "text":
                ReadText(block);
                break;
            case "thinking":
                var thought = AnthropicJson.RequiredText(block, "thinking"u8, "thinking block");
                parts.Add(AnthropicReasoningParts.Text(reasoningBlocks++, thought, AnthropicJson.Text(block, "signature"u8)));
                break;
            case "redacted_thinking":
                parts.Add(AnthropicReasoningParts.Redacted(reasoningBlocks++, AnthropicJson.RequiredText(block, "data"u8, "redacted_thinking block")));
                break;
            case "tool_use":
                var id = AnthropicJson.RequiredText(block, "id"u8, "tool_use block");
                var name = AnthropicJson.RequiredText(block, "name"u8, "tool_use block");
                parts.Add(new ToolCallPart(id, name, AnthropicJson.Object(block, "input"u8) ?? "{}"));
                break;
        }
    }

    private void ReadText(JsonElement block)
    {
        var text = AnthropicJson.RequiredText(block, "text"u8, "text block");
        var place = parts.Count;
        if (block.TryGetProperty("citations"u8, out var cited) && cited.ValueKind == JsonValueKind.Array)
        {
            foreach (var citation in cited.EnumerateArray())
                if (AnthropicCitations.Read(citation) is { } page) parts.Add(page);
        }
        // An empty text is left out.
        if (text.Length > 0 || parts.Count > place) parts.Insert(place, new TextPart(text));
    }
}
