using System.Globalization;

namespace EdgeRouter.ClientTests.Providers.AnthropicMessages;

/// <summary>
/// Writes a reply as Anthropic does: blocks of thinking, text and tool use; on a stream each block started, filled and stopped, and the stop reason
/// in a message_delta.
/// </summary>
internal sealed class AnthropicMessagesAnswer(Prompt prompt, Reply reply)
{
    /// <summary>Signs every thought; a thought that comes back must carry it unchanged.</summary>
    public const string Signature = "EpQBCkYIBxgCKkDsmallsignature==";

    private readonly string id = Guid.NewGuid().ToString("N");

    private string StopReason => reply.Calls.Count > 0 ? "tool_use" : reply.CutShort ? "max_tokens" : "end_turn";

    // The wire's input_tokens leave out what the cache gave; its output_tokens include the thinking.
    private int Output => reply.Tokens.Output + reply.Tokens.Reasoning;

    private string Usage(int output) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"input_tokens":{{{reply.Tokens.FreshInput}}},"cache_creation_input_tokens":0,"cache_read_input_tokens":{{{reply.Tokens.CachedInput}}}"""
        + $$$""","cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0}"""
        + $$$""","output_tokens":{{{output}}},"service_tier":"standard"}""");

    public string Whole()
    {
        var blocks = new List<string>();
        if (reply.Thought is { } thought) blocks.Add($$"""{"type":"thinking","thinking":{{Json.Quote(thought)}},"signature":"{{Signature}}"}""");
        if (reply.Text.Length > 0) blocks.Add($$"""{"type":"text","text":{{Json.Quote(reply.Text)}}}""");
        for (var i = 0; i < reply.Calls.Count; i++) blocks.Add(ToolUse(i, reply.Calls[i].Arguments));
        return Message(string.Join(',', blocks), $"\"{StopReason}\"", Usage(Output));
    }

    public IEnumerable<string> Events()
    {
        yield return Event("message_start", $"\"message\":{Message("", "null", Usage(1))}");
        var index = 0;
        if (reply.Thought is { } thought)
        {
            foreach (var text in Block(index++, """{"type":"thinking","thinking":"","signature":""}""",
                [.. Json.Pieces(thought).Select(piece => $$"""{"type":"thinking_delta","thinking":{{Json.Quote(piece)}}}"""),
                    $$"""{"type":"signature_delta","signature":"{{Signature}}"}"""]))
                yield return text;
        }
        yield return Event("ping", null);
        if (reply.Text.Length > 0)
            foreach (var text in Block(index++, """{"type":"text","text":""}""",
                Json.Pieces(reply.Text).Select(piece => $$"""{"type":"text_delta","text":{{Json.Quote(piece)}}}""")))
                yield return text;
        for (var i = 0; i < reply.Calls.Count; i++)
        {
            // The first piece of arguments is always empty on this wire.
            var pieces = Json.Pieces(reply.Calls[i].Arguments).Prepend("")
                .Select(piece => $$"""{"type":"input_json_delta","partial_json":{{Json.Quote(piece)}}}""");
            foreach (var text in Block(index++, ToolUse(i, "{}"), pieces)) yield return text;
        }
        yield return Event("message_delta", string.Create(CultureInfo.InvariantCulture, $$$"""
            "delta":{"stop_reason":"{{{StopReason}}}","stop_sequence":null},"usage":{"output_tokens":{{{Output}}}}
            """));
        yield return Event("message_stop", null);
    }

    private static IEnumerable<string> Block(int index, string start, IEnumerable<string> deltas)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"\"index\":{index}");
        yield return Event("content_block_start", $"{place},\"content_block\":{start}");
        foreach (var delta in deltas) yield return Event("content_block_delta", $"{place},\"delta\":{delta}");
        yield return Event("content_block_stop", place);
    }

    private string ToolUse(int index, string input) =>
        $$"""{"type":"tool_use","id":"toolu_{{id[..20]}}{{index.ToString(CultureInfo.InvariantCulture)}}" """
        + $$""","name":{{Json.Quote(reply.Calls[index].Name)}},"input":{{input}}}""";

    private string Message(string content, string stopReason, string usage) =>
        $$"""{"id":"msg_{{id}}","type":"message","role":"assistant","model":"{{prompt.Model}}-20260601","content":[{{content}}] """
        + $$""","stop_reason":{{stopReason}},"stop_sequence":null,"usage":{{usage}}}""";

    private static string Event(string type, string? members) => $$"""
        event: {{type}}
        data: {"type":"{{type}}"{{(members is null ? "" : "," + members)}}}


        """;
}
