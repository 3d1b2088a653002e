using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeRouter.ClientTests.Providers.AnthropicMessages;

/// <summary>Reads and checks the body of a request as strictly as Anthropic does.</summary>
internal static partial class AnthropicMessagesRequest
{
    private static readonly string[] Members =
    [
        "model", "messages", "max_tokens", "system", "temperature", "top_p", "top_k", "stop_sequences", "stream", "tools", "tool_choice", "thinking",
            "metadata", "service_tier",
        "output_config", "container", "context_management", "mcp_servers", "inference_geo", "cache_control",
    ];

    public static Prompt Read(JsonElement json)
    {
        var body = new StrictObject(json, "");
        body.Allow(Members);
        var model = body.Text("model");
        var most = body.Integer("max_tokens", 1) ?? throw body.Missing("max_tokens");
        body.Number("temperature", 0, 1);
        body.Number("top_p", 0, 1);
        body.Integer("top_k", 0);
        if (json.TryGetProperty("system", out var system) && system.ValueKind != JsonValueKind.String)
            AnthropicMessagesConversation.ReadTexts(body.RequiredObjects("system"));
        var (thinks, hasBudget) = ReadThinking(body, most);
        var conversation = AnthropicMessagesConversation.Read(body.RequiredObjects("messages"), hasBudget);
        var tools = ReadTools(body);
        var (use, named, parallel) = ReadToolChoice(body, tools, hasBudget);
        return new Prompt
        {
            Model = model,
            Behaviour = ProviderModels.Parse(model, ProviderModels.Anthropic),
            Stream = body.Flag("stream") ?? false,
            UserText = conversation.UserText,
            Pictures = conversation.Pictures,
            ToolResults = conversation.ToolResults,
            Tools = tools,
            ToolUse = use,
            NamedTool = named,
            ParallelCalls = parallel,
            Schema = ReadSchema(body),
            Thinks = thinks,
            MaxTokens = most,
            Characters = json.GetRawText().Length,
        };
    }

    private static (bool Thinks, bool HasBudget) ReadThinking(StrictObject body, int maxTokens)
    {
        if (body.Object("thinking") is not { } thinking) return (false, false);
        switch (thinking.OneOf("type", "enabled", "disabled", "adaptive") ?? throw thinking.Missing("type"))
        {
            case "disabled":
                thinking.Allow("type");
                return (false, false);
            case "adaptive":
                thinking.Allow("type", "display");
                break;
            default:
                thinking.Allow("type", "budget_tokens", "display");
                var budget = thinking.Integer("budget_tokens", 1024) ?? throw thinking.Missing("budget_tokens");
                if (budget >= maxTokens) throw RejectedRequest.Invalid("max_tokens", "greater than thinking.budget_tokens");
                break;
        }
        if (body.Number("temperature", 0, 1) is not (null or 1)) throw RejectedRequest.Invalid("temperature", "1 when thinking is enabled");
        if (body.Has("top_k")) throw RejectedRequest.Invalid("top_k", "unset when thinking is enabled");
        return (true, thinking.Has("budget_tokens"));
    }

    private static List<Tool> ReadTools(StrictObject body)
    {
        var tools = new List<Tool>();
        foreach (var tool in body.Objects("tools"))
        {
            tool.Allow("type", "name", "description", "input_schema", "cache_control", "strict", "eager_input_streaming");
            tool.OneOf("type", "custom");
            if (!Name().IsMatch(tool.Text("name"))) throw RejectedRequest.Invalid(tool.PathOf("name"), "letters, digits, _ and -");
            var schema = tool.RequiredObject("input_schema");
            if (schema.Text("type") != "object") throw RejectedRequest.Invalid(schema.PathOf("type"), "'object'");
            tools.Add(new Tool(tool.Text("name"), schema.Element));
        }
        return tools;
    }

    private static (ToolUse Use, string? Named, bool Parallel) ReadToolChoice(StrictObject body, List<Tool> tools, bool hasBudget)
    {
        if (body.Object("tool_choice") is not { } choice) return (ToolUse.Free, null, true);
        if (tools.Count == 0) throw RejectedRequest.Invalid("tool_choice", "set only while providing tools");
        var type = choice.OneOf("type", "auto", "any", "tool", "none") ?? throw choice.Missing("type");
        if (hasBudget && type is "any" or "tool") throw RejectedRequest.Invalid("tool_choice.type", "'auto' or 'none' when thinking is enabled");
        var parallel = choice.Flag("disable_parallel_tool_use") != true;
        switch (type)
        {
            case "none":
                choice.Allow("type");
                return (ToolUse.Forbidden, null, parallel);
            case "tool":
                choice.Allow("type", "name", "disable_parallel_tool_use");
                var name = choice.Text("name");
                return tools.Exists(tool => tool.Name == name)
                    ? (ToolUse.Required, name, parallel) : throw RejectedRequest.Invalid("tool_choice.name", "one of the tools");
            default:
                choice.Allow("type", "disable_parallel_tool_use");
                return (type == "any" ? ToolUse.Required : ToolUse.Free, null, parallel);
        }
    }

    private static JsonElement? ReadSchema(StrictObject body)
    {
        if (body.Object("output_config") is not { } config) return null;
        config.Allow("effort", "format", "task_budget");
        config.OneOf("effort", "low", "medium", "high", "xhigh", "max");
        if (config.Object("format") is not { } format) return null;
        format.Allow("type", "schema");
        format.OneOf("type", "json_schema");
        var schema = format.RequiredObject("schema");
        CheckClosed(schema);
        return schema.Element;
    }

    private static void CheckClosed(StrictObject schema)
    {
        if (schema.Element.TryGetProperty("properties", out var properties))
        {
            if (schema.Flag("additionalProperties") != false)
                throw RejectedRequest.Invalid(schema.PathOf("additionalProperties"), "explicitly false for 'object' types");
            foreach (var property in properties.EnumerateObject()) CheckClosed(new StrictObject(property.Value, schema.PathOf("properties." + property.Name)));
        }
        if (schema.Object("items") is { } items) CheckClosed(items);
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,128}$")]
    private static partial Regex Name();
}
