using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Reading;

/// <summary>Reads tools, tool choice and answer format of a body whose shape was checked.</summary>
internal static class OpenAIChatRequestToolReader
{
    /// <summary>Reads <c>tools</c>.</summary>
    public static IReadOnlyList<ToolDefinition> ReadTools(JsonElement? tools)
    {
        if (tools is not { } given) return [];
        var definitions = new List<ToolDefinition>(given.GetArrayLength());
        foreach (var tool in given.EnumerateArray()) definitions.Add(ReadTool(tool));
        return definitions;
    }

    /// <summary>Reads <c>tool_choice</c>.</summary>
    public static ToolChoice? ReadChoice(JsonElement? choice) => choice switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } named => new ToolChoice(ToolChoiceMode.Function, named.GetProperty("function").Text("name")),
        { } word when word.ValueEquals("none") => new ToolChoice(ToolChoiceMode.None),
        { } word when word.ValueEquals("required") => new ToolChoice(ToolChoiceMode.Required),
        _ => new ToolChoice(ToolChoiceMode.Auto),
    };

    /// <summary>Reads <c>response_format</c>.</summary>
    public static ResponseFormat? ReadFormat(JsonElement? format)
    {
        if (format is not { } given) return null;
        var read = given.Text("type") switch
        {
            "json_object" => new ResponseFormat { Kind = ResponseFormatKind.JsonObject },
            "json_schema" => ReadSchema(given.GetProperty("json_schema")),
            "grammar" => new ResponseFormat { Kind = ResponseFormatKind.Grammar, Grammar = given.Text("grammar") },
            "python" => new ResponseFormat { Kind = ResponseFormatKind.Python },
            _ => new ResponseFormat { Kind = ResponseFormatKind.Text },
        };
        var inner = read.Kind switch
        {
            ResponseFormatKind.JsonSchema => "json_schema",
            ResponseFormatKind.Grammar => "grammar",
            _ => "type",
        };
        var extensions = given.AddUnknown(null, ["type", inner]);
        if (read.Kind == ResponseFormatKind.JsonSchema)
            extensions = given.GetProperty(inner).AddUnknown(extensions, ["name", "description", "schema", "strict"], "json_schema.");
        return extensions is null ? read : read with { Extensions = extensions };
    }

    private static ResponseFormat ReadSchema(JsonElement schema) => new()
    {
        Kind = ResponseFormatKind.JsonSchema,
        Name = schema.Text("name"),
        Description = schema.Text("description"),
        Schema = schema.Member("schema")?.Clone(),
        Strict = schema.Member("strict")?.GetBoolean(),
    };

    private static ToolDefinition ReadTool(JsonElement tool)
    {
        var function = tool.GetProperty("function");
        var read = new ToolDefinition
        {
            Name = function.Text("name")!,
            Description = function.Text("description"),
            Parameters = function.Member("parameters")?.Clone(),
            Strict = function.Member("strict")?.GetBoolean(),
            CacheControl = OpenAIChatRequestMessageReader.ReadCacheControl(tool.Member("cache_control")),
        };
        var extensions = function.AddUnknown(tool.AddUnknown(null, ["type", "function", "cache_control"]), ["name", "description", "parameters", "strict"],
            "function.");
        return extensions is null ? read : read with { Extensions = extensions };
    }
}
