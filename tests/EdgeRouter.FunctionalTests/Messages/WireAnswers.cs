using EdgeRouter.FunctionalTests.Stubs;

namespace EdgeRouter.FunctionalTests.Messages;

/// <summary>One answer on every wire: calls of two tools at once, and a thought before a text.</summary>
internal static class WireAnswers
{
    /// <summary>Says a text.</summary>
    public static ProviderAnswer Says(string wire, string text) => wire switch
    {
        "anthropic-messages" => AnthropicWire.Says(text),
        "gemini" => GeminiWire.Says(text),
        "openai-responses" => ResponsesWire.Says(text),
        _ => OpenAIWire.Says(text),
    };

    /// <summary>The pieces of a stream that says a text.</summary>
    public static string[] Stream(string wire, string text) => wire switch
    {
        "anthropic-messages" => AnthropicWire.Stream(text),
        "gemini" => GeminiWire.Stream(text),
        "openai-responses" => ResponsesWire.Stream(text),
        _ => OpenAIWire.Stream(text),
    };

    /// <summary>Calls <c>get_weather</c> and <c>get_time</c>.</summary>
    public static ProviderAnswer Calls(string wire) => wire switch
    {
        "anthropic-messages" => ProviderAnswer.ByMode(ProviderAnswer.Stream([.. Anthropic(
            [("{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"get_weather\",\"input\":{}}",
                ["{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"city\\\":\"}", "{\"type\":\"input_json_delta\",\"partial_json\":\" \\\"Bern\\\"}\"}"]),
             ("{\"type\":\"tool_use\",\"id\":\"toolu_2\",\"name\":\"get_time\",\"input\":{}}", ["{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}"])],
            "tool_use")]), ProviderAnswer.Body(200, AnthropicWhole("""
            {"type":"tool_use","id":"toolu_1","name":"get_weather","input":{"city":"Bern"}},{"type":"tool_use","id":"toolu_2","name":"get_time","input":{}}
            """, "tool_use"))),
        "openai-responses" => ResponsesWire.Answers(ResponsesWire.Call("call_1", "get_weather", "{\\\"city\\\":", "\\\"Bern\\\"}"),
            ResponsesWire.Call("call_2", "get_time", "{}")),
        "gemini" => Gemini("""
            {"functionCall":{"name":"get_weather","args":{"city":"Bern"}},"thoughtSignature":"c2ln"},{"functionCall":{"name":"get_time","args":{}}}
            """),
        _ => ProviderAnswer.ByMode(ProviderAnswer.Stream(OpenAIWire.Role,
            Chunk("\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"arguments\":\"\"}}]"),
            Chunk("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"city\\\":\"}}]"),
            Chunk("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"Bern\\\"}\"}}]"),
            Chunk("\"tool_calls\":[{\"index\":1,\"id\":\"call_2\",\"type\":\"function\",\"function\":{\"name\":\"get_time\",\"arguments\":\"{}\"}}]"),
            OpenAIWire.Stop.Replace("\"stop\"", "\"tool_calls\"", StringComparison.Ordinal), OpenAIWire.Usage, OpenAIWire.Done),
            ProviderAnswer.Body(200, OpenAIWire.Whole("").Replace("\"content\":\"\"", "\"content\":null,\"tool_calls\":["
                + "{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"arguments\":\"{\\\"city\\\":\\\"Bern\\\"}\"}},"
                + "{\"id\":\"call_2\",\"type\":\"function\",\"function\":{\"name\":\"get_time\",\"arguments\":\"{}\"}}]", StringComparison.Ordinal)
                .Replace("\"finish_reason\":\"stop\"", "\"finish_reason\":\"tool_calls\"", StringComparison.Ordinal))),
    };

    /// <summary>Thinks "Hm." and says "Fine.".</summary>
    public static ProviderAnswer Thinks(string wire) => wire switch
    {
        "anthropic-messages" => ProviderAnswer.ByMode(ProviderAnswer.Stream([.. Anthropic(
            [("{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}",
                ["{\"type\":\"thinking_delta\",\"thinking\":\"H\"}", "{\"type\":\"thinking_delta\",\"thinking\":\"m.\"}",
                    "{\"type\":\"signature_delta\",\"signature\":\"sig\"}"]),
             ("{\"type\":\"text\",\"text\":\"\"}", ["{\"type\":\"text_delta\",\"text\":\"Fine\"}", "{\"type\":\"text_delta\",\"text\":\".\"}"])],
            "end_turn")]), ProviderAnswer.Body(200, AnthropicWhole("""
            {"type":"thinking","thinking":"Hm.","signature":"sig"},{"type":"text","text":"Fine."}
            """, "end_turn"))),
        "openai-responses" => ResponsesWire.Answers(ResponsesWire.Thought("Hm.", "opaque"), ResponsesWire.Message("Fine.")),
        "gemini" => Gemini("{\"text\":\"Hm.\",\"thought\":true},{\"text\":\"Fine.\"}"),
        _ => ProviderAnswer.ByMode(
            ProviderAnswer.Stream(OpenAIWire.Role, Chunk("\"reasoning_content\":\"Hm.\""), Chunk("\"content\":\"Fine.\""), OpenAIWire.Stop, OpenAIWire.Usage,
                OpenAIWire.Done),
            ProviderAnswer.Body(200, OpenAIWire.Whole("Fine.")
                .Replace("\"content\":", "\"reasoning_content\":\"Hm.\",\"content\":", StringComparison.Ordinal))),
    };

    /// <summary>An error inside a stream.</summary>
    public static string MidstreamError(string wire) => wire switch
    {
        "anthropic-messages" => "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n",
        "openai-responses" => "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"Overloaded\",\"param\":null}\n\n",
        "gemini" => "data: {\"error\": {\"code\": 503,\"message\": \"The model is overloaded.\",\"status\": \"UNAVAILABLE\"}}\r\n\r\n",
        _ => "data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"server_error\",\"code\":503}}\n\n",
    };

    private static string Chunk(string delta) =>
        "data: {\"id\":\"chatcmpl-B1\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{"
        + delta + "},\"finish_reason\":null}]}\n\n";

    private static ProviderAnswer Gemini(string parts) => ProviderAnswer.ByMode(
        ProviderAnswer.Stream($"data: {GeminiBody(parts.ReplaceLineEndings(""))}\r\n\r\n"), ProviderAnswer.Body(200, GeminiBody(parts)));

    private static string GeminiBody(string parts) => "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[" + parts
        + "]},\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":2,\"totalTokenCount\":12},"
        + "\"modelVersion\":\"gemini-2.5-flash\",\"responseId\":\"r1\"}";

    private static IEnumerable<string> Anthropic((string Start, string[] Deltas)[] blocks, string reason)
    {
        var frame = AnthropicWire.Stream("");
        yield return frame[0];
        for (var index = 0; index < blocks.Length; index++)
        {
            yield return Event("content_block_start", $"\"index\":{index},\"content_block\":{blocks[index].Start}");
            foreach (var delta in blocks[index].Deltas) yield return Event("content_block_delta", $"\"index\":{index},\"delta\":{delta}");
            yield return Event("content_block_stop", $"\"index\":{index}");
        }
        yield return frame[^2].Replace("end_turn", reason, StringComparison.Ordinal);
        yield return frame[^1];

        static string Event(string type, string members) => $"event: {type}\ndata: {{\"type\":\"{type}\",{members}}}\n\n";
    }

    private static string AnthropicWhole(string blocks, string reason) => AnthropicWire.Whole("")
        .Replace("{\"type\":\"text\",\"text\":\"\"}", blocks, StringComparison.Ordinal).Replace("end_turn", reason, StringComparison.Ordinal);
}
