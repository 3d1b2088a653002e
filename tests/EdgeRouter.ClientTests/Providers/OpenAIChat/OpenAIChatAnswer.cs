using System.Globalization;

namespace EdgeRouter.ClientTests.Providers.OpenAIChat;

/// <summary>Writes a reply as OpenAI does: a <c>chat.completion</c>, or its chunks, the last of which has no choices but the usage.</summary>
/// <param name="prompt">What was asked.</param>
/// <param name="reply">What to say.</param>
/// <param name="tellsThoughts">Whether thoughts are sent as <c>reasoning_content</c>, as DeepSeek does; OpenAI itself only counts them.</param>
internal sealed class OpenAIChatAnswer(Prompt prompt, Reply reply, bool tellsThoughts)
{
    private readonly string id = "chatcmpl-" + Guid.NewGuid().ToString("N");

    private string FinishReason => reply.Calls.Count > 0 ? "tool_calls" : reply.CutShort ? "length" : "stop";

    private string? Thought => tellsThoughts ? reply.Thought : null;

    private string Usage
    {
        get
        {
            var (tokens, output) = (reply.Tokens, reply.Tokens.Output + reply.Tokens.Reasoning);
            return string.Create(CultureInfo.InvariantCulture,
                $$$"""{"prompt_tokens":{{{tokens.Input}}},"completion_tokens":{{{output}}},"total_tokens":{{{tokens.Input + output}}} """
                + $$$""","prompt_tokens_details":{"cached_tokens":{{{tokens.CachedInput}}},"audio_tokens":0} """
                + $$$""","completion_tokens_details":{"reasoning_tokens":{{{tokens.Reasoning}}},"audio_tokens":0"""
                + $$$""","accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""");
        }
    }

    public string Whole()
    {
        var thought = Thought is { } text ? $"""
            ,"reasoning_content":{Json.Quote(text)}
            """ : "";
        var calls = reply.Calls.Count == 0 ? "" : $",\"tool_calls\":[{string.Join(',', reply.Calls.Select((call, index) => Call(index)))}]";
        var content = reply.Calls.Count > 0 ? "null" : Json.Quote(reply.Text);
        return $$$"""{"id":"{{{id}}}","object":"chat.completion","created":1790000000,"model":"{{{prompt.Model}}}-2026-06-01","choices":[{"index":0"""
            + $$$""","message":{"role":"assistant","content":{{{content}}}{{{thought}}}{{{calls}}},"refusal":null,"annotations":[]},"logprobs":null"""
            + $$$""","finish_reason":"{{{FinishReason}}}"}],"usage":{{{Usage}}},"service_tier":"default","system_fingerprint":"fp_small"}""";
    }

    private string Call(int index) =>
        $$$"""{"id":"{{{CallId(index)}}}","type":"function","function":{"name":{{{Json.Quote(reply.Calls[index].Name)}}} """
        + $$$""","arguments":{{{Json.Quote(reply.Calls[index].Arguments)}}}}}""";

    public IEnumerable<string> Events()
    {
        yield return Chunk("""{"role":"assistant","content":"","refusal":null}""");
        foreach (var piece in Json.Pieces(Thought ?? "")) yield return Chunk($$"""{"reasoning_content":{{Json.Quote(piece)}}}""");
        for (var i = 0; i < reply.Calls.Count; i++)
        {
            yield return Chunk($$$"""{"tool_calls":[{"index":{{{i}}},"id":"{{{CallId(i)}}}","type":"function" """
                + $$$""","function":{"name":{{{Json.Quote(reply.Calls[i].Name)}}},"arguments":""}}]}""");
            foreach (var piece in Json.Pieces(reply.Calls[i].Arguments))
                yield return Chunk($$$"""{"tool_calls":[{"index":{{{i}}},"function":{"arguments":{{{Json.Quote(piece)}}}}}]}""");
        }
        foreach (var piece in Json.Pieces(reply.Text)) yield return Chunk($$"""{"content":{{Json.Quote(piece)}}}""");
        yield return Chunk("{}", $"\"{FinishReason}\"");
        yield return Event($"\"choices\":[],\"usage\":{Usage}");
        yield return "data: [DONE]\n\n";
    }

    private string CallId(int index) => string.Create(CultureInfo.InvariantCulture, $"call_{id[9..25]}{index}");

    private string Chunk(string delta, string finishReason = "null") =>
        Event($$"""
            "choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{finishReason}}}],"usage":null,"obfuscation":"x7Qp"
            """);

    private string Event(string members) =>
        $$"""data: {"id":"{{id}}","object":"chat.completion.chunk","created":1790000000,"model":"{{prompt.Model}}-2026-06-01" """
        + $$""","service_tier":"default","system_fingerprint":"fp_small",{{members}}}""" + "\n\n";
}
