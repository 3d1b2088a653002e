using System.Text.Json;

namespace EdgeRouter.ClientTests.Providers.OpenAIResponses;

/// <summary>The items of a request, checked: members by type, and every call answered before anyone else speaks.</summary>
internal sealed record OpenAIResponsesConversation(string UserText, IReadOnlyList<Picture> Pictures, IReadOnlyList<string> ToolResults)
{
    /// <summary>What the provider itself encrypts, and takes back as it was.</summary>
    public const string Encrypted = "gAAAAAB-small-model";

    public static OpenAIResponsesConversation Read(StrictObject body)
    {
        if (body.Element.TryGetProperty("input", out var input) && input.ValueKind == JsonValueKind.String) return new(input.GetString()!, [], []);
        var (text, pictures, results) = ("", new List<Picture>(), new List<string>());
        var open = new HashSet<string>();
        foreach (var item in body.RequiredObjects("input"))
        {
            var type = item.OneOf("type", "message", "function_call", "custom_tool_call", "function_call_output", "custom_tool_call_output", "reasoning");
            switch (type ?? "message")
            {
                case "message":
                    item.Allow("type", "role", "content", "id", "status");
                    var role = item.OneOf("role", "user", "assistant", "system", "developer") ?? throw item.Missing("role");
                    if (open.Count > 0 && role == "user") throw RejectedRequest.Invalid(item.PathOf("role"), $"outputs for {string.Join(", ", open)}");
                    var said = ReadContent(item, "content", role == "assistant" ? ["output_text", "refusal"] : ["input_text", "input_image"]);
                    if (role != "user") break;
                    (text, pictures) = said;
                    results.Clear();
                    break;
                case "function_call":
                    item.Allow("type", "call_id", "name", "arguments", "id", "status");
                    _ = (item.Text("name"), item.Text("arguments"));
                    open.Add(item.Text("call_id"));
                    break;
                case "custom_tool_call":
                    item.Allow("type", "call_id", "name", "input", "id", "status");
                    _ = (item.Text("name"), item.Text("input"));
                    open.Add(item.Text("call_id"));
                    break;
                case "function_call_output" or "custom_tool_call_output":
                    item.Allow("type", "call_id", "output", "id", "status");
                    if (!open.Remove(item.Text("call_id"))) throw RejectedRequest.Invalid(item.PathOf("call_id"), "the id of a call that stands open");
                    results.Add(ReadContent(item, "output", ["input_text", "input_image"]).Text);
                    break;
                default:
                    item.Allow("type", "id", "summary", "content", "encrypted_content", "status");
                    item.Objects("summary");
                    if (item.Text("encrypted_content") != Encrypted)
                        throw RejectedRequest.Invalid(item.PathOf("encrypted_content"), "what this provider encrypted");
                    break;
            }
        }
        if (open.Count > 0) throw RejectedRequest.Invalid("input", $"outputs for {string.Join(", ", open)}");
        return new(text, pictures, results);
    }

    private static (string Text, List<Picture> Pictures) ReadContent(StrictObject item, string name, string[] types)
    {
        if (!item.Element.TryGetProperty(name, out var content)) throw item.Missing(name);
        if (content.ValueKind == JsonValueKind.String) return (content.GetString()!, []);
        var (text, pictures) = ("", new List<Picture>());
        foreach (var part in item.RequiredObjects(name))
        {
            switch (part.OneOf("type", types) ?? throw part.Missing("type"))
            {
                case "input_text":
                    part.Allow("type", "text");
                    text += part.Text("text");
                    break;
                case "output_text":
                    part.Allow("type", "text", "annotations", "logprobs");
                    part.Text("text");
                    break;
                case "input_image":
                    part.Allow("type", "image_url", "detail");
                    part.OneOf("detail", "auto", "low", "high", "original");
                    pictures.Add(ReadPicture(part));
                    break;
            }
        }
        return (text, pictures);
    }

    private static Picture ReadPicture(StrictObject part)
    {
        var url = part.Text("image_url");
        if (!url.StartsWith("data:", StringComparison.Ordinal)) return new Picture(null, null, new Uri(url));
        var halves = url["data:".Length..].Split(";base64,");
        return halves.Length == 2 ? Picture.FromBase64(halves[0], halves[1], part.PathOf("image_url"))
            : throw RejectedRequest.Invalid(part.PathOf("image_url"), "a base64 data URL");
    }
}
