using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.Reading;

/// <summary>
/// Reads <c>system</c> and <c>messages</c>. Results of tools are turns of their own in the content model: a user's message becomes as many turns as it
/// takes to keep the order of its blocks. Not thread-safe.
/// </summary>
/// <param name="origins">Receives, for each turn, where it stands in the body.</param>
internal sealed class MessagesTurnReader(List<MessageOrigin> origins)
{
    private readonly List<ChatMessage> turns = [];

    /// <summary>Reads all turns.</summary>
    public IReadOnlyList<ChatMessage> Read(JsonElement? system, JsonElement messages)
    {
        if (system is { } instructions) Add(ChatRole.System, MessageOrigin.System, instructions);
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var role = message.Text("role") switch
            {
                "assistant" => ChatRole.Assistant,
                "system" => ChatRole.System,
                _ => ChatRole.User,
            };
            Add(role, index++, message.GetProperty("content"));
        }
        return turns;
    }

    private void Add(ChatRole role, int index, JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            Add(role, [new TextPart(content.GetString()!)], new MessageOrigin(index, null));
            return;
        }
        var start = turns.Count;
        var parts = new List<ContentPart>(content.GetArrayLength());
        var blocks = new List<int>(parts.Capacity);
        var (block, thoughts) = (-1, 0);
        foreach (var given in content.EnumerateArray())
        {
            block++;
            if (MessagesBlockReader.Read(given, ref thoughts) is not { } part) continue;
            if (parts.Count > 0 && part is ToolResultPart != parts[^1] is ToolResultPart)
            {
                Add(RoleOf(role, parts), parts, new MessageOrigin(index, blocks));
                (parts, blocks) = ([], []);
            }
            parts.Add(part);
            blocks.Add(block);
        }
        if (parts.Count > 0 || turns.Count == start) Add(RoleOf(role, parts), parts, new MessageOrigin(index, blocks));
    }

    private static ChatRole RoleOf(ChatRole role, List<ContentPart> parts) => parts is [ToolResultPart, ..] ? ChatRole.Tool : role;

    private void Add(ChatRole role, IReadOnlyList<ContentPart> parts, MessageOrigin origin)
    {
        turns.Add(new ChatMessage { Role = role, Content = parts });
        origins.Add(origin);
    }
}
