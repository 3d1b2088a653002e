using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Caller;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Reading;

/// <summary>
/// Reads messages of a body whose shape was checked. A message has a member for each kind of thing; they become one list of parts in the order that
/// <see cref="ChatMessage.Content"/> names. <see cref="OpenAIChatFields"/> finds the members of the parts again.
/// </summary>
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
        return role switch
        {
            ChatRole.Assistant => ReadAssistant(message),
            ChatRole.Tool => Finish(message, role, [new ToolResultPart(message.Text("tool_call_id")!, ReadContent(message))], ToolMembers),
            _ => Finish(message, role, ReadContent(message), CommonMembers),
        };
    }

    private static ChatMessage ReadAssistant(JsonElement message)
    {
        var content = message.Member("content");
        var details = message.Member("reasoning_details");
        var calls = message.Member("tool_calls");
        var parts = new List<ContentPart>(Count(content) + Count(details) + Count(calls));
        OpenAIChatRequestReasoningReader.Add(details, message.Text("reasoning") ?? message.Text("reasoning_content"), parts);
        AddContent(content, parts);
        if (message.Text("refusal") is { } refusal) parts.Add(new RefusalPart(refusal));
        var known = AssistantMembers;
        if (message.Member("images") is { } images && OpenAIChatImages.TryAdd(images, parts)) known = [.. known, "images"];
        AddToolCalls(calls, parts);
        if (message.Member(OpenAIChatAnnotations.Member) is { } annotations && OpenAIChatAnnotations.TryRead(annotations) is { } citations)
        {
            parts.AddRange(citations);
            known = [.. known, OpenAIChatAnnotations.Member];
        }
        return Finish(message, ChatRole.Assistant, parts, known);
    }

    private static ChatMessage Finish(JsonElement message, ChatRole role, IReadOnlyList<ContentPart> parts, ReadOnlySpan<string> known)
    {
        var name = message.Text("name");
        return message.AddUnknown(null, known) is { } extensions
            ? new ChatMessage { Role = role, Name = name, Content = parts, Extensions = extensions }
            : new ChatMessage { Role = role, Name = name, Content = parts };
    }

    private static List<ContentPart> ReadContent(JsonElement message)
    {
        if (message.Member("content") is not { } content) return [];
        if (content.ValueKind == JsonValueKind.String) return [new TextPart(content.GetString()!)];
        var parts = new List<ContentPart>(content.GetArrayLength());
        AddContent(content, parts);
        return parts;
    }

    private static void AddContent(JsonElement? content, List<ContentPart> parts)
    {
        if (content is not { } given) return;
        if (given.ValueKind == JsonValueKind.String) parts.Add(new TextPart(given.GetString()!));
        else
            foreach (var part in given.EnumerateArray()) parts.Add(OpenAIChatRequestPartReader.Read(part));
    }

    private static void AddToolCalls(JsonElement? toolCalls, List<ContentPart> parts)
    {
        if (toolCalls is not { } given) return;
        foreach (var call in given.EnumerateArray())
        {
            var function = call.GetProperty("function");
            var read = new ToolCallPart(call.Text("id")!, function.Text("name")!, function.Text("arguments")!);
            var extensions = function.AddUnknown(call.AddUnknown(null, ["id", "type", "function"]), ["name", "arguments"], "function.");
            parts.Add(extensions is null ? read : read with { Extensions = extensions });
        }
    }

    private static int Count(JsonElement? list) => list switch
    {
        null => 0,
        { ValueKind: JsonValueKind.Array } array => array.GetArrayLength(),
        _ => 1,
    };
}
