using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using Tools = EdgeRouter.Dialects.OpenAIChat.Requests.Checking.OpenAIChatRequestToolSchema;

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
        { ValueKind: JsonValueKind.Object } named => new ToolChoice(ToolChoiceMode.Function, named.GetProperty(Tools.Function.Utf8Name).Text(Tools.Name.Name)),
        { } word when word.ValueEquals("none") => new ToolChoice(ToolChoiceMode.None),
        { } word when word.ValueEquals("required") => new ToolChoice(ToolChoiceMode.Required),
        _ => new ToolChoice(ToolChoiceMode.Auto),
    };

    /// <summary>Reads <c>response_format</c>.</summary>
    public static ResponseFormat? ReadFormat(JsonElement? format)
    {
        if (format is not { } given) return null;
        var read = given.Text(Tools.Type.Name) switch
        {
            "json_object" => new ResponseFormat { Kind = ResponseFormatKind.JsonObject },
            "json_schema" => ReadSchema(given.GetProperty(Tools.JsonSchema.Utf8Name)),
            "grammar" => new ResponseFormat { Kind = ResponseFormatKind.Grammar, Grammar = given.Text(Tools.Grammar.Name) },
            "python" => new ResponseFormat { Kind = ResponseFormatKind.Python },
            _ => new ResponseFormat { Kind = ResponseFormatKind.Text },
        };
        var declared = read.Kind switch
        {
            ResponseFormatKind.JsonSchema => Tools.SchemaFormat,
            ResponseFormatKind.Grammar => Tools.GrammarFormat,
            _ => Tools.PlainFormat,
        };
        var extensions = given.AddUnknown(null, declared.Known);
        if (read.Kind == ResponseFormatKind.JsonSchema)
            extensions = given.GetProperty(Tools.JsonSchema.Utf8Name).AddUnknown(extensions, Tools.JsonFormat.Known, Tools.JsonSchema.Name + ".");
        return extensions is null ? read : read with { Extensions = extensions };
    }

    private static ResponseFormat ReadSchema(JsonElement schema) => new()
    {
        Kind = ResponseFormatKind.JsonSchema,
        Name = schema.Text(Tools.FormatName.Name),
        Description = schema.Text(Tools.Description.Name),
        Schema = schema.Member(Tools.FormatSchema.Name)?.Clone(),
        Strict = schema.Member(Tools.Strict.Name)?.GetBoolean(),
    };

    private static ToolDefinition ReadTool(JsonElement tool)
    {
        var function = tool.GetProperty(Tools.Function.Utf8Name);
        var read = new ToolDefinition
        {
            Name = function.Text(Tools.Name.Name)!,
            Description = function.Text(Tools.Description.Name),
            Parameters = function.Member(Tools.Parameters.Name)?.Clone(),
            Strict = function.Member(Tools.Strict.Name)?.GetBoolean(),
            CacheControl = OpenAIChatRequestMessageReader.ReadCacheControl(tool.Member(Tools.CacheControl.Name)),
        };
        var extensions = function.AddUnknown(tool.AddUnknown(null, Tools.Tool.Known), Tools.Declaration.Known, Tools.Function.Name + ".");
        return extensions is null ? read : read with { Extensions = extensions };
    }
}
