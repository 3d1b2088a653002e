using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeRouter.ClientTests.Providers.Gemini;

/// <summary>Reads and checks the body of a request as strictly as Google's JSON parser does: a name that the schema lacks is an error.</summary>
internal static partial class GeminiRequest
{
    private static readonly string[] ConfigMembers =
    [
        "temperature", "topP", "topK", "candidateCount", "maxOutputTokens", "stopSequences", "responseMimeType", "responseSchema", "responseJsonSchema",
            "presencePenalty",
        "frequencyPenalty", "seed", "responseLogprobs", "logprobs", "thinkingConfig", "responseModalities", "speechConfig", "mediaResolution", "imageConfig",
    ];

    public static Prompt Read(JsonElement json, string model, bool stream)
    {
        var body = new StrictObject(json, "");
        body.Allow("contents", "systemInstruction", "tools", "toolConfig", "safetySettings", "generationConfig", "cachedContent", "serviceTier");
        if (body.Object("systemInstruction") is { } system)
            foreach (var part in system.RequiredObjects("parts")) part.Text("text");
        var conversation = GeminiConversation.Read(body.RequiredObjects("contents"));
        var tools = ReadTools(body);
        var (use, named) = ReadToolConfig(body, tools);
        var (schema, thinks, most) = ReadConfig(body);
        return new Prompt
        {
            Model = model,
            Behaviour = ProviderModels.Parse(model, ProviderModels.Gemini),
            Stream = stream,
            UserText = conversation.UserText,
            Pictures = conversation.Pictures,
            ToolResults = conversation.ToolResults,
            Tools = tools,
            ToolUse = use,
            NamedTool = named,
            Schema = schema,
            Thinks = thinks,
            MaxTokens = most,
            Characters = json.GetRawText().Length,
        };
    }

    private static (JsonElement? Schema, bool Thinks, int? MaxTokens) ReadConfig(StrictObject body)
    {
        if (body.Object("generationConfig") is not { } config) return (null, false, null);
        config.Allow(ConfigMembers);
        config.Number("temperature", 0, 2);
        config.Number("topP", 0, 1);
        config.Integer("candidateCount", 1, 8);
        config.Integer("seed", int.MinValue);
        var thinks = false;
        if (config.Object("thinkingConfig") is { } thinking)
        {
            thinking.Allow("includeThoughts", "thinkingBudget", "thinkingLevel");
            if (thinking.Has("thinkingBudget") && thinking.Has("thinkingLevel"))
                throw RejectedRequest.Invalid(thinking.PathOf("thinkingLevel"), "thinkingLevel or thinkingBudget, not both");
            thinking.OneOf("thinkingLevel", "minimal", "low", "medium", "high", "MINIMAL", "LOW", "MEDIUM", "HIGH");
            thinks = thinking.Flag("includeThoughts") == true && thinking.Integer("thinkingBudget", -1) != 0;
        }
        return (ReadSchema(config), thinks, config.Integer("maxOutputTokens", 1));
    }

    private static JsonElement? ReadSchema(StrictObject config)
    {
        var (schema, jsonSchema) = (config.Object("responseSchema"), config.Object("responseJsonSchema"));
        if (schema is null && jsonSchema is null) return null;
        if (config.Text("responseMimeType") != "application/json")
            throw RejectedRequest.Invalid(config.PathOf("responseMimeType"), "application/json with a schema");
        if (schema is { } own) CheckOwnSchema(own);
        return (schema ?? jsonSchema)!.Value.Element;
    }

    private static List<Tool> ReadTools(StrictObject body)
    {
        var tools = new List<Tool>();
        foreach (var tool in body.Objects("tools"))
        {
            tool.Allow("functionDeclarations");
            foreach (var function in tool.RequiredObjects("functionDeclarations"))
            {
                function.Allow("name", "description", "behavior", "parameters", "parametersJsonSchema", "response", "responseJsonSchema");
                if (!Name().IsMatch(function.Text("name")))
                    throw RejectedRequest.Invalid(function.PathOf("name"), "letters, digits, _, ., : and -, not a digit first");
                var parameters = function.Object("parameters");
                if (parameters is { } own) CheckOwnSchema(own);
                tools.Add(new Tool(function.Text("name"), (parameters ?? function.Object("parametersJsonSchema"))?.Element));
            }
        }
        return tools;
    }

    private static (ToolUse Use, string? Named) ReadToolConfig(StrictObject body, List<Tool> tools)
    {
        if (body.Object("toolConfig") is not { } config) return (ToolUse.Free, null);
        config.Allow("functionCallingConfig");
        var calling = config.RequiredObject("functionCallingConfig");
        calling.Allow("mode", "allowedFunctionNames");
        var mode = calling.OneOf("mode", "AUTO", "ANY", "NONE", "VALIDATED");
        var named = calling.Element.TryGetProperty("allowedFunctionNames", out var names) ? names[0].GetString() : null;
        if (named is not null && mode != "ANY") throw RejectedRequest.Invalid(calling.PathOf("allowedFunctionNames"), "mode ANY");
        if (named is not null && !tools.Exists(tool => tool.Name == named))
            throw RejectedRequest.Invalid(calling.PathOf("allowedFunctionNames"), "declared functions");
        return mode switch
        {
            "NONE" => (ToolUse.Forbidden, null),
            "ANY" => (ToolUse.Required, named),
            _ => (ToolUse.Free, null),
        };
    }

    // Gemini's own Schema is a part of OpenAPI's; whole JSON Schemas go into the members named ...JsonSchema.
    private static void CheckOwnSchema(StrictObject schema)
    {
        schema.Allow("type", "format", "title", "description", "nullable", "enum", "maxItems", "minItems", "properties", "required", "minProperties",
            "maxProperties", "minLength",
            "maxLength", "pattern", "example", "anyOf", "propertyOrdering", "default", "items", "minimum", "maximum");
        if (schema.Element.TryGetProperty("properties", out var properties))
            foreach (var property in properties.EnumerateObject())
                CheckOwnSchema(new StrictObject(property.Value, schema.PathOf("properties." + property.Name)));
        if (schema.Object("items") is { } items) CheckOwnSchema(items);
    }

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$")]
    private static partial Regex Name();
}
