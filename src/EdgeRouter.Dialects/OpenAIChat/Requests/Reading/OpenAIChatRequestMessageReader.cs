using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using Messages = EdgeRouter.Dialects.OpenAIChat.Requests.Checking.OpenAIChatRequestMessageSchema;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Reading;

/// <summary>
/// Reads messages of a body whose shape was checked. A message has a member for each kind of thing; they become one list of parts in the order that
/// <see cref="ChatMessage.Content"/> names. <see cref="OpenAIChatFields"/> finds the members of the parts again.
/// </summary>
internal static class OpenAIChatRequestMessageReader
{
    /// <summary>Reads <c>messages</c>.</summary>
    public static IReadOnlyList<ChatMessage> Read(JsonElement messages)
    {
        var turns = new List<ChatMessage>(messages.GetArrayLength());
        foreach (var message in messages.EnumerateArray()) turns.Add(ReadMessage(message));
        return turns;
    }

    /// <summary>Reads a cache marker; null: none.</summary>
    public static CacheControl? ReadCacheControl(JsonElement? marker) =>
        marker is { } given ? new CacheControl(given.Text(OpenAIChatRequestSchema.CacheTtl.Name)) : null;

    private static ChatMessage ReadMessage(JsonElement message)
    {
        var role = message.Text(Messages.Role.Name) switch
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
            ChatRole.Tool => Finish(message, role, [new ToolResultPart(message.Text(Messages.ToolCallId.Name)!, ReadContent(message))], Messages.Tool.Known),
            ChatRole.User => Finish(message, role, ReadContent(message), Messages.User.Known),
            _ => Finish(message, role, ReadContent(message), Messages.Instructions.Known),
        };
    }

    private static ChatMessage ReadAssistant(JsonElement message)
    {
        var content = message.Member(Messages.Content.Name);
        var details = message.Member(Messages.ReasoningDetails.Name);
        var calls = message.Member(Messages.ToolCalls.Name);
        var parts = new List<ContentPart>(Count(content) + Count(details) + Count(calls));
        OpenAIChatRequestReasoningReader.Add(details, message.Text(Messages.Reasoning.Name) ?? message.Text(Messages.ReasoningContent.Name), parts);
        AddContent(content, parts);
        if (message.Text(Messages.Refusal.Name) is { } refusal) parts.Add(new RefusalPart(refusal));
        var known = Messages.Assistant.Known;
        if (message.Member(Messages.Images.Name) is { } images && OpenAIChatImages.TryAdd(images, parts)) known = [.. known, Messages.Images.Name];
        AddToolCalls(calls, parts);
        if (message.Member(Messages.Annotations.Name) is { } annotations && OpenAIChatAnnotations.TryRead(annotations) is { } citations)
        {
            parts.AddRange(citations);
            known = [.. known, Messages.Annotations.Name];
        }
        return Finish(message, ChatRole.Assistant, parts, known);
    }

    private static ChatMessage Finish(JsonElement message, ChatRole role, IReadOnlyList<ContentPart> parts, ReadOnlySpan<string> known)
    {
        var name = message.Text(Messages.Name.Name);
        return message.AddUnknown(null, known) is { } extensions
            ? new ChatMessage { Role = role, Name = name, Content = parts, Extensions = extensions }
            : new ChatMessage { Role = role, Name = name, Content = parts };
    }

    private static List<ContentPart> ReadContent(JsonElement message)
    {
        if (message.Member(Messages.Content.Name) is not { } content) return [];
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
            var function = call.GetProperty(Messages.Function.Utf8Name);
            var read = new ToolCallPart(call.Text(Messages.CallId.Name)!, function.Text(Messages.FunctionName.Name)!, function.Text(Messages.Arguments.Name)!);
            var extensions = function.AddUnknown(call.AddUnknown(null, Messages.ToolCall.Known), Messages.CalledFunction.Known, Messages.Function.Name + ".");
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
