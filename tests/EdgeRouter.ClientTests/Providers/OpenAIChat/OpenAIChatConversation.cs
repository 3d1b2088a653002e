using System.Text.Json;

namespace EdgeRouter.ClientTests.Providers.OpenAIChat;

/// <summary>The messages of a request, checked: members by role, and every tool call answered before anything else is said.</summary>
internal sealed record OpenAIChatConversation(string UserText, IReadOnlyList<Picture> Pictures, IReadOnlyList<string> ToolResults)
{
    /// <param name="messages">The messages.</param>
    /// <param name="wantsThoughtsBack">Whether the provider, as DeepSeek in its thinking mode, refuses a tool call that comes back without its
    /// reasoning.</param>
    public static OpenAIChatConversation Read(IReadOnlyList<StrictObject> messages, bool wantsThoughtsBack)
    {
        var (text, pictures, results) = ("", new List<Picture>(), new List<string>());
        var open = new HashSet<string>();
        foreach (var message in messages)
        {
            var role = message.OneOf("role", "developer", "system", "user", "assistant", "tool") ?? throw message.Missing("role");
            if (role != "tool" && open.Count > 0)
                throw RejectedRequest.Invalid(message.PathOf("role"), $"tool messages for the tool_call_ids {string.Join(", ", open)}");
            if (role != "tool") results.Clear();
            switch (role)
            {
                case "user":
                    message.Allow("role", "content", "name");
                    (text, pictures) = ReadContent(message, "text", "image_url");
                    break;
                case "assistant":
                    message.Allow("role", "content", "name", "refusal", "audio", "tool_calls", wantsThoughtsBack ? "reasoning_content" : "content");
                    if (wantsThoughtsBack && message.Has("tool_calls") && message.Text("reasoning_content").Length == 0)
                        throw message.Missing("reasoning_content");
                    ReadCalls(message, open);
                    break;
                case "tool":
                    message.Allow("role", "content", "tool_call_id", "name");
                    if (!open.Remove(message.Text("tool_call_id")))
                        throw RejectedRequest.Invalid(message.PathOf("tool_call_id"), "the id of a call that stands open");
                    results.Add(ReadContent(message, "text").Text);
                    break;
                default:
                    message.Allow("role", "content", "name");
                    ReadContent(message, "text");
                    break;
            }
        }
        if (open.Count > 0) throw RejectedRequest.Invalid("messages", $"tool messages for the tool_call_ids {string.Join(", ", open)}");
        return new OpenAIChatConversation(text, pictures, results);
    }

    private static void ReadCalls(StrictObject message, HashSet<string> open)
    {
        if (!message.Has("tool_calls"))
        {
            ReadContent(message, "text", "refusal");
            return;
        }
        foreach (var call in message.RequiredObjects("tool_calls"))
        {
            call.Allow("id", "type", "function");
            call.OneOf("type", "function");
            var function = call.RequiredObject("function");
            function.Allow("name", "arguments");
            function.Text("name");
            function.Text("arguments");
            open.Add(call.Text("id"));
        }
    }

    private static (string Text, List<Picture> Pictures) ReadContent(StrictObject message, params string[] types)
    {
        if (!message.Element.TryGetProperty("content", out var content)) throw message.Missing("content");
        if (content.ValueKind == JsonValueKind.String) return (content.GetString()!, []);
        var (text, pictures) = ("", new List<Picture>());
        foreach (var part in message.RequiredObjects("content"))
        {
            switch (part.OneOf("type", types) ?? throw part.Missing("type"))
            {
                case "text":
                    part.Allow("type", "text");
                    text += part.Text("text");
                    break;
                case "image_url":
                    part.Allow("type", "image_url");
                    pictures.Add(ReadPicture(part.RequiredObject("image_url")));
                    break;
            }
        }
        return (text, pictures);
    }

    private static Picture ReadPicture(StrictObject image)
    {
        image.Allow("url", "detail");
        image.OneOf("detail", "auto", "low", "high");
        var url = image.Text("url");
        if (!url.StartsWith("data:", StringComparison.Ordinal)) return new Picture(null, null, new Uri(url));
        var halves = url["data:".Length..].Split(";base64,");
        return halves.Length == 2
            ? Picture.FromBase64(halves[0], halves[1], image.PathOf("url")) : throw RejectedRequest.Invalid(image.PathOf("url"), "a base64 data URL");
    }
}
