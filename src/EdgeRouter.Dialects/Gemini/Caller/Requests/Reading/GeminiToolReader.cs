using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using Keys = EdgeRouter.Dialects.Gemini.Caller.Requests.GeminiKeys;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Reading;

/// <summary>Reads <c>tools</c> and the choice among them. Stateless and thread-safe.</summary>
internal static class GeminiToolReader
{
    /// <summary>The functions that may be called, without Google's own tools: a request with one goes only where it can be passed through.</summary>
    /// <param name="tools"><c>tools</c>; null: not given.</param>
    /// <param name="allowed">Names of those that may be called; null: all. The content model has no such list, so the others are not offered.</param>
    /// <param name="origins">Receives where each stands.</param>
    public static List<ToolDefinition> ReadTools(JsonElement? tools, JsonElement? allowed, List<GeminiOrigin> origins)
    {
        var names = allowed?.Strings();
        var definitions = new List<ToolDefinition>();
        var outer = 0;
        foreach (var tool in tools.Items())
        {
            var inner = 0;
            foreach (var function in tool.Member(Keys.FunctionDeclarations).Items())
            {
                var origin = new GeminiOrigin(outer, inner++);
                var name = function.Text(Keys.Name)!;
                if (names is { Count: > 0 } && !names.Contains(name)) continue;
                definitions.Add(new ToolDefinition { Name = name, Description = function.Text(Keys.Description), Parameters = ReadParameters(function) });
                origins.Add(origin);
            }
            outer++;
        }
        return definitions;
    }

    /// <summary>The choice; null: not given.</summary>
    public static ToolChoice? ReadChoice(JsonElement? config)
    {
        var names = config?.Member(Keys.AllowedFunctionNames)?.Strings();
        return config?.Text(Keys.Mode)?.ToUpperInvariant() switch
        {
            "ANY" when names is [var only] => new ToolChoice(ToolChoiceMode.Function, only),
            "ANY" => new ToolChoice(ToolChoiceMode.Required),
            "NONE" => new ToolChoice(ToolChoiceMode.None),
            "AUTO" or "VALIDATED" => new ToolChoice(ToolChoiceMode.Auto),
            _ => null,
        };
    }

    private static JsonElement? ReadParameters(JsonElement function) => function.Member(Keys.ParametersJsonSchema) is { } jsonSchema
        ? jsonSchema.Clone()
        : function.Member(Keys.Parameters) is { } schema ? GeminiSchemaReader.ToJsonSchema(schema, isOutput: false) : null;
}
