using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Caller;

/// <summary>Reads messages and content parts of a body whose shape was checked.</summary>
internal static class OpenAIChatRequestMessageReader
{
    private static readonly string[] CommonMembers = ["role", "content", "name"];
    private static readonly string[] ToolMembers = [.. CommonMembers, "tool_call_id"];
    private static readonly string[] AssistantMembers = [.. CommonMembers, "tool_calls", "refusal", "reasoning", "reasoning_content", "reasoning_details"];

    /// <summary>Reads <c>messages</c>.</summary>
    public static IReadOnlyList<ChatMessage> Read(JsonElement messages)
    {
        var turns = new List<ChatMessage>(messages.GetArrayLength());
        foreach (var message in messages.EnumerateArray()) turns.Add(ReadMessage(message));
        return turns;
    }

    /// <summary>Reads a cache marker; null: none.</summary>
    public static CacheControl? ReadCacheControl(JsonElement? marker) => marker is { } given ? new CacheControl(given.Text("ttl")) : null;

    private static ChatMessage ReadMessage(JsonElement message)
    {
        var role = message.Text("role") switch
        {
            "system" => ChatRole.System,
            "developer" => ChatRole.Developer,
            "assistant" => ChatRole.Assistant,
            "tool" => ChatRole.Tool,
            _ => ChatRole.User,
        };
        var turn = new ChatMessage { Role = role, Name = message.Text("name"), Content = ReadContent(message.Member("content")) };
        if (role == ChatRole.Tool) turn = turn with { ToolCallId = message.Text("tool_call_id") };
        if (role == ChatRole.Assistant)
        {
            turn = turn with
            {
                ToolCalls = ReadToolCalls(message.Member("tool_calls")),
                Refusal = message.Text("refusal"),
                Reasoning = message.Text("reasoning") ?? message.Text("reasoning_content"),
                ReasoningDetails = ReadReasoningDetails(message.Member("reasoning_details")),
            };
        }
        var known = role switch
        {
            ChatRole.Assistant => AssistantMembers,
            ChatRole.Tool => ToolMembers,
            _ => CommonMembers,
        };
        return message.AddUnknown(null, known) is { } extensions ? turn with { Extensions = extensions } : turn;
    }

    private static List<ContentPart> ReadContent(JsonElement? content)
    {
        if (content is not { } given) return [];
        if (given.ValueKind == JsonValueKind.String) return [new TextPart(given.GetString()!)];
        var parts = new List<ContentPart>(given.GetArrayLength());
        foreach (var part in given.EnumerateArray()) parts.Add(OpenAIChatRequestPartReader.Read(part));
        return parts;
    }

    private static List<ToolCall> ReadToolCalls(JsonElement? toolCalls)
    {
        if (toolCalls is not { } given) return [];
        var calls = new List<ToolCall>(given.GetArrayLength());
        foreach (var call in given.EnumerateArray())
        {
            var function = call.GetProperty("function");
            var read = new ToolCall(call.Text("id")!, function.Text("name")!, function.Text("arguments")!);
            var extensions = function.AddUnknown(call.AddUnknown(null, ["id", "type", "function"]), ["name", "arguments"], "function.");
            calls.Add(extensions is null ? read : read with { Extensions = extensions });
        }
        return calls;
    }

    private static List<ReasoningDetail> ReadReasoningDetails(JsonElement? details)
    {
        if (details is not { } given) return [];
        var blocks = new List<ReasoningDetail>(given.GetArrayLength());
        foreach (var block in given.EnumerateArray()) blocks.Add(ReadReasoningDetail(block));
        return blocks;
    }

    private static ReasoningDetail ReadReasoningDetail(JsonElement block)
    {
        var kind = block.Text("type") switch
        {
            "reasoning.text" => ReasoningDetailKind.Text,
            "reasoning.summary" => ReasoningDetailKind.Summary,
            "reasoning.encrypted" => ReasoningDetailKind.Encrypted,
            _ => ReasoningDetailKind.Other,
        };
        return new ReasoningDetail
        {
            Kind = kind,
            Text = kind switch
            {
                ReasoningDetailKind.Text => block.Text("text"),
                ReasoningDetailKind.Summary => block.Text("summary"),
                _ => null,
            },
            Signature = kind == ReasoningDetailKind.Text ? block.Text("signature") : null,
            Data = kind == ReasoningDetailKind.Encrypted ? block.Text("data") : null,
            Id = block.Text("id"),
            Format = block.Text("format"),
            Index = block.Member("index")?.GetInt32(),
            Json = kind == ReasoningDetailKind.Other ? block.Clone() : null,
        };
    }
}
