using System.Text.Json;

namespace EdgeRouter.ClientTests.Providers.AnthropicMessages;

/// <summary>
/// The messages of a request, checked: blocks by role, thoughts with their signature, and every tool use answered in the very next message, before
/// anything else is said.
/// </summary>
internal sealed record AnthropicMessagesConversation(string UserText, IReadOnlyList<Picture> Pictures, IReadOnlyList<string> ToolResults)
{
    /// <param name="messages">The messages.</param>
    /// <param name="hasBudget">Whether thinking is enabled with a budget: then a turn that goes on after tool results must have begun with a thought.</param>
    public static AnthropicMessagesConversation Read(IReadOnlyList<StrictObject> messages, bool hasBudget)
    {
        var (text, pictures, results) = ("", new List<Picture>(), new List<string>());
        var open = new HashSet<string>();
        var turnHasThought = false;
        foreach (var message in messages)
        {
            message.Allow("role", "content");
            if (message.OneOf("role", "user", "assistant") == "assistant")
            {
                if (open.Count > 0) throw Unanswered(message, open);
                results.Clear();
                turnHasThought |= ReadAssistant(message, open);
                continue;
            }
            results.Clear();
            var (said, seen) = ReadUser(message, open, results);
            if (open.Count > 0) throw Unanswered(message, open);
            // Results alone are not a turn of the user.
            if (said.Length > 0 || seen.Count > 0) (text, pictures, turnHasThought) = (said, seen, false);
        }
        if (hasBudget && results.Count > 0 && !turnHasThought)
            throw RejectedRequest.Invalid("messages",
                "a final `assistant` message that starts with a thinking block: when `thinking` is enabled, it precedes `tool_use` and `tool_result` blocks");
        if (messages[0].Text("role") != "user") throw RejectedRequest.Invalid("messages[0].role", "user");
        return open.Count == 0 ? new AnthropicMessagesConversation(text, pictures, results) : throw Unanswered(messages[^1], open);
    }

    /// <summary>The texts of blocks that must all be text.</summary>
    public static string ReadTexts(IReadOnlyList<StrictObject> blocks) => string.Concat(blocks.Select(block =>
    {
        if (block.OneOf("type", "text") is null) throw block.Missing("type");
        return ReadText(block);
    }));

    private static (string Text, List<Picture> Pictures) ReadUser(StrictObject message, HashSet<string> open, List<string> results)
    {
        if (TryGetString(message, "content", out var whole)) return (whole, []);
        var (text, pictures) = ("", new List<Picture>());
        foreach (var block in message.RequiredObjects("content"))
        {
            switch (block.OneOf("type", "text", "image", "tool_result") ?? throw block.Missing("type"))
            {
                case "text":
                    text += ReadText(block);
                    break;
                case "image":
                    block.Allow("type", "source", "cache_control");
                    pictures.Add(ReadPicture(block.RequiredObject("source")));
                    break;
                default:
                    if (text.Length > 0 || pictures.Count > 0) throw RejectedRequest.Invalid(block.PathOf("type"), "tool_result before any other block");
                    block.Allow("type", "tool_use_id", "content", "is_error", "cache_control");
                    if (!open.Remove(block.Text("tool_use_id")))
                        throw RejectedRequest.Invalid(block.PathOf("tool_use_id"), "the id of a tool_use block in the previous message");
                    results.Add(TryGetString(block, "content", out var result) ? result : ReadTexts(block.Objects("content")));
                    break;
            }
        }
        return (text, pictures);
    }

    /// <summary>Reads a message of the assistant; true: it has a thought.</summary>
    private static bool ReadAssistant(StrictObject message, HashSet<string> open)
    {
        if (TryGetString(message, "content", out _)) return false;
        var blocks = message.RequiredObjects("content");
        foreach (var block in blocks)
        {
            switch (block.OneOf("type", "text", "thinking", "tool_use") ?? throw block.Missing("type"))
            {
                case "text":
                    ReadText(block);
                    break;
                case "thinking":
                    block.Allow("type", "thinking", "signature");
                    block.Text("thinking");
                    if (block.Text("signature") != AnthropicMessagesAnswer.Signature)
                        throw RejectedRequest.Invalid(block.PathOf("signature"), "the signature of the thinking block");
                    break;
                default:
                    block.Allow("type", "id", "name", "input", "cache_control", "caller");
                    block.Text("name");
                    block.RequiredObject("input");
                    open.Add(block.Text("id"));
                    break;
            }
        }
        return blocks[0].Text("type") == "thinking";
    }

    private static string ReadText(StrictObject block)
    {
        block.Allow("type", "text", "cache_control", "citations");
        return block.Text("text") is { Length: > 0 } text ? text : throw RejectedRequest.Invalid(block.PathOf("text"), "non-empty");
    }

    private static Picture ReadPicture(StrictObject source)
    {
        if (source.OneOf("type", "base64", "url") == "url")
        {
            source.Allow("type", "url");
            return new Picture(null, null, new Uri(source.Text("url")));
        }
        source.Allow("type", "media_type", "data");
        var mediaType = source.OneOf("media_type", "image/jpeg", "image/png", "image/gif", "image/webp") ?? throw source.Missing("media_type");
        return Picture.FromBase64(mediaType, source.Text("data"), source.PathOf("data"));
    }

    private static bool TryGetString(StrictObject parent, string name, out string text)
    {
        text = "";
        if (!parent.Element.TryGetProperty(name, out var value)) throw parent.Missing(name);
        if (value.ValueKind != JsonValueKind.String) return false;
        text = value.GetString()!;
        return true;
    }

    private static RejectedRequest Unanswered(StrictObject message, HashSet<string> open) =>
        RejectedRequest.Invalid(message.PathOf("content"), $"`tool_result` blocks for the `tool_use` ids {string.Join(", ", open)}");
}
