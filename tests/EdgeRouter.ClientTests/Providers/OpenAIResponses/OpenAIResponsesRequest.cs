using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeRouter.ClientTests.Providers.OpenAIResponses;

/// <summary>Reads and checks the body of a request as strictly as OpenAI does: no unknown member at any level, nothing stored.</summary>
internal static partial class OpenAIResponsesRequest
{
    private static readonly string[] Members =
    [
        "model", "input", "instructions", "stream", "store", "max_output_tokens", "temperature", "top_p", "top_logprobs", "include", "tools", "tool_choice",
        "parallel_tool_calls", "max_tool_calls", "text", "reasoning", "service_tier", "user", "safety_identifier", "prompt_cache_key", "prompt_cache_options",
        "metadata", "truncation", "stream_options", "background", "previous_response_id",
    ];

    public static Prompt Read(JsonElement json)
    {
        var body = new StrictObject(json, "");
        body.Allow(Members);
        var model = body.Text("model");
        if (body.Flag("store") != false) throw RejectedRequest.Invalid("store", "false: this account keeps no data");
        body.Number("temperature", 0, 2);
        body.Number("top_p", 0, 1);
        var thinks = ReadReasoning(body);
        var conversation = OpenAIResponsesConversation.Read(body);
        var tools = ReadTools(body);
        var (use, named) = ReadToolChoice(body, tools);
        return new Prompt
        {
            Model = model,
            Behaviour = ProviderModels.Parse(model, ProviderModels.Responses),
            Stream = body.Flag("stream") ?? false,
            UserText = conversation.UserText,
            Pictures = conversation.Pictures,
            ToolResults = conversation.ToolResults,
            Tools = tools,
            ToolUse = use,
            NamedTool = named,
            ParallelCalls = body.Flag("parallel_tool_calls") ?? true,
            Schema = ReadSchema(body),
            Thinks = thinks,
            MaxTokens = body.Integer("max_output_tokens", 1),
            Characters = json.GetRawText().Length,
        };
    }

    private static bool ReadReasoning(StrictObject body)
    {
        if (body.Object("reasoning") is not { } reasoning) return false;
        reasoning.Allow("effort", "summary");
        reasoning.OneOf("summary", "auto", "concise", "detailed");
        return reasoning.OneOf("effort", "none", "minimal", "low", "medium", "high", "xhigh") is not "none";
    }

    private static List<Tool> ReadTools(StrictObject body)
    {
        var tools = new List<Tool>();
        if (!body.Has("tools")) return tools;
        foreach (var tool in body.RequiredObjects("tools"))
        {
            if (tool.OneOf("type", "function", "custom") == "custom")
            {
                tool.Allow("type", "name", "description", "format");
                tools.Add(new Tool(tool.Text("name"), null));
                continue;
            }
            tool.Allow("type", "name", "description", "parameters", "strict");
            if (!Name().IsMatch(tool.Text("name"))) throw RejectedRequest.Invalid(tool.PathOf("name"), "letters, digits, _ and -");
            var parameters = tool.RequiredObject("parameters");
            if (parameters.Text("type") != "object") throw RejectedRequest.Invalid(tool.PathOf("parameters"), "a schema of type object");
            tools.Add(new Tool(tool.Text("name"), parameters.Element));
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
        if (choice.OneOf("type", "function", "allowed_tools") == "allowed_tools")
        {
            choice.Allow("type", "mode", "tools");
            return (choice.OneOf("mode", "auto", "required") == "required" ? ToolUse.Required : ToolUse.Free, choice.RequiredObjects("tools")[0].Text("name"));
        }
        choice.Allow("type", "name");
        var name = choice.Text("name");
        return tools.Exists(tool => tool.Name == name) ? (ToolUse.Required, name) : throw RejectedRequest.Invalid("tool_choice", "one of the tools");
    }

    private static JsonElement? ReadSchema(StrictObject body)
    {
        if (body.Object("text") is not { } text) return null;
        text.Allow("format", "verbosity");
        if (text.Object("format") is not { } format || format.OneOf("type", "text", "json_object", "json_schema") != "json_schema") return null;
        format.Allow("type", "name", "description", "schema", "strict");
        if (!Name().IsMatch(format.Text("name"))) throw RejectedRequest.Invalid(format.PathOf("name"), "letters, digits, _ and -");
        return format.RequiredObject("schema").Element;
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex Name();
}
