using System.Text.Json;

namespace EdgeRouter.ClientTests.Providers.OpenAIResponses;

/// <summary>Reads and checks the body of a request as strictly as OpenAI does: no unknown member at any level, every call answered.</summary>
internal static class OpenAIResponsesRequest
{
    public static Prompt Read(JsonElement json)
    {
        var body = new StrictObject(json, "");
        body.Allow("model", "input", "instructions", "stream", "store", "max_output_tokens", "temperature", "top_p", "top_logprobs", "include", "tools",
            "tool_choice", "parallel_tool_calls", "text", "reasoning", "service_tier", "user", "safety_identifier", "prompt_cache_key", "metadata",
            "truncation");
        if (body.Flag("store") != false) throw RejectedRequest.Invalid("store", "false: an organization without retention");
        body.Number("temperature", 0, 2);
        body.Number("top_p", 0, 1);
        var model = body.Text("model");
        var tools = ReadTools(body);
        var (text, pictures, results) = ReadInput(body.RequiredObjects("input"));
        var (use, named) = ReadChoice(body, tools);
        var reasoning = body.Object("reasoning");
        reasoning?.Allow("effort", "summary");
        return new Prompt
        {
            Model = model,
            Behaviour = ProviderModels.Parse(model, ProviderModels.OpenAI),
            Stream = body.Flag("stream") ?? false,
            UserText = text,
            Pictures = pictures,
            ToolResults = results,
            Tools = tools,
            ToolUse = use,
            NamedTool = named,
            ParallelCalls = body.Flag("parallel_tool_calls") ?? true,
            Schema = ReadSchema(body),
            Thinks = reasoning?.OneOf("effort", "none", "minimal", "low", "medium", "high", "xhigh") is not (null or "none"),
            MaxTokens = body.Integer("max_output_tokens", 1),
            Characters = json.GetRawText().Length,
        };
    }

    private static (string Text, List<Picture> Pictures, List<string> Results) ReadInput(IReadOnlyList<StrictObject> items)
    {
        var (text, pictures, results, open) = ("", new List<Picture>(), new List<string>(), new HashSet<string>());
        foreach (var item in items)
        {
            switch (item.OneOf("type", "message", "function_call", "function_call_output", "reasoning") ?? throw item.Missing("type"))
            {
                case "message":
                    item.Allow("type", "role", "content", "id", "status");
                    var role = item.OneOf("role", "system", "developer", "user", "assistant") ?? throw item.Missing("role");
                    var read = ReadContent(item, "content", role == "assistant" ? "output_text" : "input_text");
                    if (role == "user") (text, pictures) = read;
                    if (role == "user") results.Clear();
                    break;
                case "function_call":
                    item.Allow("type", "id", "call_id", "name", "arguments", "status");
                    item.Text("name");
                    using (JsonDocument.Parse(item.Text("arguments"))) open.Add(item.Text("call_id"));
                    break;
                case "function_call_output":
                    item.Allow("type", "id", "call_id", "output", "status");
                    if (!open.Remove(item.Text("call_id"))) throw RejectedRequest.Invalid(item.PathOf("call_id"), "the id of a call that stands open");
                    results.Add(ReadContent(item, "output", "input_text").Text);
                    break;
                case "reasoning":
                    item.Allow("type", "id", "summary", "content", "encrypted_content", "status");
                    if (item.Text("encrypted_content") != OpenAIResponsesAnswer.Encrypted)
                        throw RejectedRequest.Invalid(item.PathOf("encrypted_content"), "what came with the reasoning");
                    if (!item.Has("summary")) throw item.Missing("summary");
                    break;
            }
        }
        if (open.Count > 0) throw RejectedRequest.Invalid("input", $"an output for the call_ids {string.Join(", ", open)}");
        return (text, pictures, results);
    }

    private static (string Text, List<Picture> Pictures) ReadContent(StrictObject item, string name, string textType)
    {
        if (!item.Element.TryGetProperty(name, out var content)) throw item.Missing(name);
        if (content.ValueKind == JsonValueKind.String) return (content.GetString()!, []);
        var (text, pictures) = ("", new List<Picture>());
        foreach (var part in item.RequiredObjects(name))
        {
            if (part.OneOf("type", textType, "input_image", "refusal") == "input_image")
            {
                part.Allow("type", "image_url", "detail");
                part.OneOf("detail", "auto", "low", "high");
                pictures.Add(ReadPicture(part));
                continue;
            }
            part.Allow("type", "text", "annotations", "logprobs");
            text += part.Text("text");
        }
        return (text, pictures);
    }

    private static Picture ReadPicture(StrictObject part)
    {
        var url = part.Text("image_url");
        if (!url.StartsWith("data:", StringComparison.Ordinal)) return new Picture(null, null, new Uri(url));
        var halves = url["data:".Length..].Split(";base64,");
        return halves.Length == 2
            ? Picture.FromBase64(halves[0], halves[1], part.PathOf("image_url")) : throw RejectedRequest.Invalid(part.PathOf("image_url"), "a base64 data URL");
    }

    private static List<Tool> ReadTools(StrictObject body)
    {
        var tools = new List<Tool>();
        if (!body.Has("tools")) return tools;
        foreach (var tool in body.RequiredObjects("tools"))
        {
            tool.Allow("type", "name", "description", "parameters", "strict");
            tool.OneOf("type", "function");
            if (tool.Flag("strict") is null) throw tool.Missing("strict");
            tools.Add(new Tool(tool.Text("name"), tool.RequiredObject("parameters").Element));
        }
        return tools;
    }

    private static (ToolUse Use, string? Named) ReadChoice(StrictObject body, List<Tool> tools)
    {
        if (!body.Element.TryGetProperty("tool_choice", out var choice)) return (ToolUse.Free, null);
        if (choice.ValueKind == JsonValueKind.String)
        {
            return body.OneOf("tool_choice", "auto", "none", "required") switch
            {
                "none" => (ToolUse.Forbidden, null),
                "required" => (ToolUse.Required, null),
                _ => (ToolUse.Free, null),
            };
        }
        var name = body.RequiredObject("tool_choice").Text("name");
        return tools.Exists(tool => tool.Name == name) ? (ToolUse.Required, name) : throw RejectedRequest.Invalid("tool_choice", "one of the tools");
    }

    private static JsonElement? ReadSchema(StrictObject body)
    {
        var text = body.Object("text");
        text?.Allow("format", "verbosity");
        if (text?.Object("format") is not { } format || format.OneOf("type", "text", "json_object", "json_schema") != "json_schema") return null;
        format.Allow("type", "name", "description", "schema", "strict");
        format.Text("name");
        return format.RequiredObject("schema").Element;
    }
}
