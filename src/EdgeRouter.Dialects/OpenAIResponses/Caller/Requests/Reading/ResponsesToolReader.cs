using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Reading;

/// <summary>Reads tools and the choice among them of a body whose shape was checked. Stateless and thread-safe.</summary>
internal static class ResponsesToolReader
{
    private static readonly JsonElement InputSchema = JsonElement.Parse(
        """{"type":"object","properties":{"input":{"type":"string"}},"required":["input"],"additionalProperties":false}""");

    /// <summary>The caller's own tools, those in namespaces included; a request with others goes only where they are known.</summary>
    public static List<ResponsesTool> Read(JsonElement tools)
    {
        var read = new List<ResponsesTool>(tools.GetArrayLength());
        var index = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            switch (tool.Text("type"))
            {
                case "function": read.Add(One(tool, null, index, null)); break;
                case "custom": read.Add(One(tool, null, index, null)); break;
                case "namespace":
                    var inner = 0;
                    foreach (var one in tool.GetProperty("tools").EnumerateArray()) read.Add(One(one, tool, index, inner++));
                    break;
            }
            index++;
        }
        return read;
    }

    /// <summary>
    /// Reads the choice, of which nothing is left when the model decides. A choice among some tools leaves only them in the list.
    /// </summary>
    public static ToolChoice? ReadChoice(JsonElement? choice, List<ResponsesTool> tools)
    {
        if (choice is not { } given || tools.Count == 0) return null;
        if (given.ValueKind == JsonValueKind.String) return OfWord(given.GetString());
        switch (given.Text("type"))
        {
            case "function" or "custom":
                var name = given.Text("name")!;
                return new ToolChoice(ToolChoiceMode.Function, tools.Find(tool => tool.Name == name)?.SentName ?? name);
            case "allowed_tools":
                var allowed = given.GetProperty("tools").EnumerateArray().Select(tool => tool.Text("name")).ToHashSet(StringComparer.Ordinal);
                tools.RemoveAll(tool => !allowed.Contains(tool.Name));
                return tools.Count == 0 ? null : OfWord(given.Text("mode"));
            default:
                return null;
        }
    }

    /// <summary>A tool as a function.</summary>
    public static ToolDefinition Define(ResponsesTool tool) => new()
    {
        Name = tool.SentName,
        Description = Join(tool.About, tool.Json.Text("description"), tool.IsCustom ? AboutInput(tool.Json.Member("format")) : null),
        Parameters = tool.IsCustom ? InputSchema : tool.Json.Member("parameters")?.Clone(),
        Strict = tool.Json.Member("strict")?.GetBoolean(),
    };

    private static ResponsesTool One(JsonElement tool, JsonElement? space, int index, int? inner) => new(tool.Text("name")!, space?.Text("name"),
        tool.Text("type") == "custom", index, inner, tool, space?.Text("description"));

    private static ToolChoice? OfWord(string? word) => word switch
    {
        "none" => new ToolChoice(ToolChoiceMode.None),
        "required" => new ToolChoice(ToolChoiceMode.Required),
        _ => null,
    };

    private static string? AboutInput(JsonElement? format) => format?.Text("type") == "grammar"
        ? $"The input must match this {format.Value.Text("syntax")} grammar:\n{format.Value.Text("definition")}"
        : null;

    private static string? Join(params ReadOnlySpan<string?> texts)
    {
        string? joined = null;
        foreach (var text in texts)
            if (!string.IsNullOrEmpty(text)) joined = joined is null ? text : $"{joined}\n\n{text}";
        return joined;
    }
}
