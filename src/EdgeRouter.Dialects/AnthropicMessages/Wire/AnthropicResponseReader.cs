using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire;

/// <summary>Reads a whole answer. It has one choice; its texts are joined, for citations cut one text into many blocks. Unknown blocks are skipped.</summary>
internal sealed class AnthropicResponseReader
{
    private readonly StringBuilder text = new();
    private readonly StringBuilder reasoning = new();
    private readonly List<ReasoningDetail> details = [];
    private readonly List<ToolCall> calls = [];
    private readonly List<JsonElement> citations = [];

    private AnthropicResponseReader() { }

    public static ChatResponse Read(ReadOnlyMemory<byte> body)
    {
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
        var reportsUsage = message.TryGetProperty("usage"u8, out var told) && told.ValueKind == JsonValueKind.Object;
        if (reportsUsage) usage.Add(told);
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
                    Message = ToMessage(),
                    FinishReason = stopReason is null ? null : AnthropicFinishReasons.ToCanonical(stopReason),
                    NativeFinishReason = stopReason,
                },
            ],
        };
    }

    private ChatMessage ToMessage()
    {
        var message = new ChatMessage
        {
            Role = ChatRole.Assistant,
            Content = text.Length == 0 ? [] : [new TextPart(text.ToString())],
            ToolCalls = calls,
            Reasoning = reasoning.Length == 0 ? null : reasoning.ToString(),
            ReasoningDetails = details,
        };
        if (citations.Count == 0) return message;
        var annotations = AnthropicCitations.ToAnnotations(citations);
        return message with { Extensions = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { [AnthropicCitations.Member] = annotations } };
    }

    private void ReadBlock(JsonElement block)
    {
        switch (AnthropicJson.RequiredText(block, "type"u8, "content block"))
        {
            case "text":
                text.Append(AnthropicJson.RequiredText(block, "text"u8, "text block"));
                if (block.TryGetProperty("citations"u8, out var cited) && cited.ValueKind == JsonValueKind.Array)
                    citations.AddRange(cited.EnumerateArray().Where(AnthropicCitations.IsWebPage));
                break;
            case "thinking":
                var thought = AnthropicJson.RequiredText(block, "thinking"u8, "thinking block");
                reasoning.Append(thought);
                details.Add(AnthropicReasoningDetails.Text(details.Count, thought, AnthropicJson.Text(block, "signature"u8)));
                break;
            case "redacted_thinking":
                details.Add(AnthropicReasoningDetails.Redacted(details.Count, AnthropicJson.RequiredText(block, "data"u8, "redacted_thinking block")));
                break;
            case "tool_use":
                var id = AnthropicJson.RequiredText(block, "id"u8, "tool_use block");
                var name = AnthropicJson.RequiredText(block, "name"u8, "tool_use block");
                calls.Add(new ToolCall(id, name, AnthropicJson.Object(block, "input"u8) ?? "{}"));
                break;
        }
    }
}
