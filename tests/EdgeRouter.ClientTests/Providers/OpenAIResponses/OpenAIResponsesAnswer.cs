using System.Globalization;

namespace EdgeRouter.ClientTests.Providers.OpenAIResponses;

/// <summary>
/// Writes a reply as OpenAI does: items of reasoning, text and calls; on a stream each added, filled and done, and the whole response at the end.
/// </summary>
internal sealed class OpenAIResponsesAnswer(Prompt prompt, Reply reply)
{
    /// <summary>What reasoning is encrypted as; it must come back unchanged.</summary>
    public const string Encrypted = "gAAAAAsmallencrypted==";

    private readonly string id = Guid.NewGuid().ToString("N");
    private int sequence;

    private string Status => reply.CutShort ? "incomplete" : "completed";

    public string Whole() => Response(Status, string.Join(',', Items().Select(item => item.Whole)), Usage);

    public string ErrorEvent() =>
        Event("error", "\"code\":\"server_error\",\"message\":\"The server had an error while processing your request.\",\"param\":null");

    public IEnumerable<string> Events()
    {
        yield return Event("response.created", $"\"response\":{Response("in_progress", "", "null")}");
        yield return Event("response.in_progress", $"\"response\":{Response("in_progress", "", "null")}");
        var items = Items().ToList();
        for (var i = 0; i < items.Count; i++)
            foreach (var text in Stream(items[i], i)) yield return text;
        yield return Event($"response.{Status}", $"\"response\":{Whole()}");
    }

    private string Usage => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"input_tokens":{{{reply.Tokens.Input}}},"input_tokens_details":{"cached_tokens":{{{reply.Tokens.CachedInput}}}}"""
        + $$$""","output_tokens":{{{reply.Tokens.Output + reply.Tokens.Reasoning}}},"output_tokens_details":{"reasoning_tokens":{{{reply.Tokens.Reasoning}}}}"""
        + $$$""","total_tokens":{{{reply.Tokens.Input + reply.Tokens.Output + reply.Tokens.Reasoning}}}}""");

    private IEnumerable<Item> Items()
    {
        if (reply.Thought is { } thought)
        {
            var own = $"rs_{id}";
            yield return new Item(own, "summary_index", "response.reasoning_summary_text", thought, "text",
                $$"""{"type":"reasoning","id":"{{own}}","summary":[],"encrypted_content":"{{Encrypted}}"}""",
                $$$"""
                {"type":"reasoning","id":"{{{own}}}","summary":[{"type":"summary_text","text":{{{Json.Quote(thought)}}}}],"encrypted_content":"{{{Encrypted}}}"}
                """, """{"type":"summary_text","text":""}""", "response.reasoning_summary_part");
        }
        if (reply.Text.Length > 0)
        {
            var own = $"msg_{id}";
            yield return new Item(own, "content_index", "response.output_text", reply.Text, "text",
                $$"""{"type":"message","id":"{{own}}","role":"assistant","status":"in_progress","content":[]}""",
                $$$"""
                {"type":"message","id":"{{{own}}}","role":"assistant","status":"{{{Status}}}",
                """.TrimEnd() + $$$"""
                "content":[{"type":"output_text","text":{{{Json.Quote(reply.Text)}}},"annotations":[]}]}
                """, """{"type":"output_text","text":"","annotations":[]}""", "response.content_part");
        }
        for (var i = 0; i < reply.Calls.Count; i++)
        {
            var (name, arguments) = reply.Calls[i];
            var number = i.ToString(CultureInfo.InvariantCulture);
            string Call(string status, string said) =>
                $$"""{"type":"function_call","id":"fc_{{id}}{{number}}","call_id":"call_{{id[..8]}}{{number}}","name":{{Json.Quote(name)}}"""
                + $$""","arguments":{{Json.Quote(said)}},"status":"{{status}}"}""";
            yield return new Item($"fc_{id}{number}", null, "response.function_call_arguments", arguments, "arguments", Call("in_progress", ""),
                Call("completed", arguments), null, null);
        }
    }

    private IEnumerable<string> Stream(Item item, int index)
    {
        var output = string.Create(CultureInfo.InvariantCulture, $"\"output_index\":{index}");
        var place = $"\"item_id\":\"{item.Id}\",{output}{(item.PartIndex is { } part ? $",\"{part}\":0" : "")}";
        yield return Event("response.output_item.added", $"{output},\"item\":{item.Begun}");
        if (item.PartType is { } type) yield return Event(type + ".added", $"{place},\"part\":{item.Part}");
        foreach (var piece in Json.Pieces(item.Content)) yield return Event(item.Type + ".delta", $"{place},\"delta\":{Json.Quote(piece)}");
        yield return Event(item.Type + ".done", $"{place},\"{item.Name}\":{Json.Quote(item.Content)}");
        if (item.PartType is { } ended) yield return Event(ended + ".done", $"{place},\"part\":{item.Part}");
        yield return Event("response.output_item.done", $"{output},\"item\":{item.Whole}");
    }

    private string Response(string status, string output, string usage) =>
        $$"""{"id":"resp_{{id}}","object":"response","created_at":1782950400,"status":"{{status}}","error":null"""
        + $$""","model":"{{prompt.Model}}-2026-06-01","output":[{{output}}],""" + (status == "incomplete" ? "\"incomplete_details\":{\"reason\":\"max_output_tokens\"}," : "\"incomplete_details\":null,")
        + $$"""
        "parallel_tool_calls":true,"store":false,"usage":{{usage}}}
        """;

    private string Event(string type, string members) => string.Create(CultureInfo.InvariantCulture, $$"""
        event: {{type}}
        data: {"type":"{{type}}","sequence_number":{{sequence++}},{{members}}}


        """);

    /// <param name="Id">Its id.</param>
    /// <param name="PartIndex">The member that numbers its parts; null: it has none.</param>
    /// <param name="Type">What its events begin with.</param>
    /// <param name="Content">What is streamed of it.</param>
    /// <param name="Name">The member of the last event that repeats it.</param>
    /// <param name="Begun">The item when it is added.</param>
    /// <param name="Whole">The item when it is done.</param>
    /// <param name="Part">Its part; null: none.</param>
    /// <param name="PartType">What the events of the part begin with; null: none.</param>
    private sealed record Item(
        string Id, string? PartIndex, string Type, string Content, string Name, string Begun, string Whole, string? Part, string? PartType);
}
