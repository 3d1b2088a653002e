using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeRouter.ClientTests.Providers.OpenAIChat;

/// <summary>Reads and checks the body of a request as strictly as OpenAI does: no unknown member at any level.</summary>
internal static partial class OpenAIChatRequest
{
    private static readonly string[] Members =
    [
        "model", "messages", "audio", "frequency_penalty", "logit_bias", "logprobs", "max_completion_tokens", "max_tokens", "metadata", "modalities", "n",
            "parallel_tool_calls",
        "prediction", "presence_penalty", "prompt_cache_key", "prompt_cache_retention", "reasoning_effort", "response_format", "safety_identifier", "seed",
            "service_tier", "stop",
        "store", "stream", "stream_options", "temperature", "tool_choice", "tools", "top_logprobs", "top_p", "user", "verbosity", "web_search_options",
    ];

    public static Prompt Read(JsonElement json, string family)
    {
        var body = new StrictObject(json, "");
        var isDeepSeek = family == ProviderModels.DeepSeek;
        body.Allow(isDeepSeek ? [.. Members, "thinking"] : Members);
        var model = body.Text("model");
        var stream = body.Flag("stream") ?? false;
        CheckSampling(body, stream);
        var thinks = body.OneOf("reasoning_effort", "none", "minimal", "low", "medium", "high", "xhigh") is not (null or "none");
        var conversation = OpenAIChatConversation.Read(body.RequiredObjects("messages"), wantsThoughtsBack: isDeepSeek && thinks);
        var tools = ReadTools(body);
        var (use, named) = ReadToolChoice(body, tools);
        return new Prompt
        {
            Model = model,
            Behaviour = ProviderModels.Parse(model, family),
            Stream = stream,
            UserText = conversation.UserText,
            Pictures = conversation.Pictures,
            ToolResults = conversation.ToolResults,
            Tools = tools,
            ToolUse = use,
            NamedTool = named,
            ParallelCalls = body.Flag("parallel_tool_calls") ?? true,
            Schema = ReadSchema(body),
            Thinks = thinks,
            MaxTokens = body.Integer("max_completion_tokens", 1) ?? body.Integer("max_tokens", 1),
            Characters = json.GetRawText().Length,
        };
    }

    private static void CheckSampling(StrictObject body, bool stream)
    {
        body.Number("temperature", 0, 2);
        body.Number("top_p", 0, 1);
        body.Number("frequency_penalty", -2, 2);
        body.Number("presence_penalty", -2, 2);
        body.Integer("n", 1, 1);
        body.Integer("seed", int.MinValue);
        if (body.Has("max_tokens") && body.Has("max_completion_tokens")) throw RejectedRequest.Invalid("max_tokens", "max_completion_tokens alone");
        if (body.Object("stream_options") is not { } options) return;
        if (!stream) throw RejectedRequest.Invalid("stream_options", "to be set only with stream");
        options.Allow("include_usage", "include_obfuscation");
        options.Flag("include_usage");
    }

    private static List<Tool> ReadTools(StrictObject body)
    {
        var tools = new List<Tool>();
        if (!body.Has("tools")) return tools;
        foreach (var tool in body.RequiredObjects("tools"))
        {
            tool.Allow("type", "function");
            tool.OneOf("type", "function");
            var function = tool.RequiredObject("function");
            function.Allow("name", "description", "parameters", "strict");
            if (!Name().IsMatch(function.Text("name"))) throw RejectedRequest.Invalid(function.PathOf("name"), "letters, digits, _ and -");
            var parameters = function.Object("parameters");
            if (parameters is { } schema && schema.Text("type") != "object")
                throw RejectedRequest.Invalid(function.PathOf("parameters"), "a schema of type object");
            if (function.Flag("strict") == true && parameters is { } strict) CheckStrict(strict);
            tools.Add(new Tool(function.Text("name"), parameters?.Element));
        }
        return tools;
    }

    private static (ToolUse Use, string? Named) ReadToolChoice(StrictObject body, List<Tool> tools)
    {
        if (!body.Has("tool_choice")) return (ToolUse.Free, null);
        if (tools.Count == 0) throw RejectedRequest.Invalid("tool_choice", "to be set only with tools");
        if (body.Element.GetProperty("tool_choice").ValueKind == JsonValueKind.String)
        {
            return body.OneOf("tool_choice", "auto", "none", "required") switch
            {
                "none" => (ToolUse.Forbidden, null),
                "required" => (ToolUse.Required, null),
                _ => (ToolUse.Free, null),
            };
        }
        var choice = body.RequiredObject("tool_choice");
        choice.Allow("type", "function");
        choice.OneOf("type", "function");
        var name = choice.RequiredObject("function").Text("name");
        return tools.Exists(tool => tool.Name == name) ? (ToolUse.Required, name) : throw RejectedRequest.Invalid("tool_choice", "one of the tools");
    }

    private static JsonElement? ReadSchema(StrictObject body)
    {
        if (body.Object("response_format") is not { } format || format.OneOf("type", "text", "json_object", "json_schema") != "json_schema") return null;
        format.Allow("type", "json_schema");
        var named = format.RequiredObject("json_schema");
        named.Allow("name", "description", "schema", "strict");
        if (!Name().IsMatch(named.Text("name"))) throw RejectedRequest.Invalid(named.PathOf("name"), "letters, digits, _ and -");
        var schema = named.RequiredObject("schema");
        if (named.Flag("strict") == true) CheckStrict(schema);
        return schema.Element;
    }

    // "Structured outputs" accept only objects that forbid further members and require all that they name.
    private static void CheckStrict(StrictObject schema)
    {
        if (schema.Element.TryGetProperty("properties", out var properties))
        {
            if (schema.Flag("additionalProperties") != false) throw RejectedRequest.Invalid(schema.PathOf("additionalProperties"), "false");
            var required = schema.Element.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToArray() : [];
            foreach (var property in properties.EnumerateObject())
            {
                if (!required.Contains(property.Name))
                    throw RejectedRequest.Invalid(schema.PathOf("required"), $"every property; '{property.Name}' is missing");
                CheckStrict(new StrictObject(property.Value, schema.PathOf("properties." + property.Name)));
            }
        }
        if (schema.Object("items") is { } items) CheckStrict(items);
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex Name();
}
