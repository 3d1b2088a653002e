using System.Globalization;

namespace EdgeRouter.ClientTests.Providers.OpenAIResponses;

/// <summary>
/// Writes a reply as OpenAI does: a <c>response</c>, or its events, the last of which repeats it. Thoughts are told as models with open weights do.
/// </summary>
/// <param name="prompt">What was asked.</param>
/// <param name="reply">What to say.</param>
internal sealed class OpenAIResponsesAnswer(Prompt prompt, Reply reply)
{
    private readonly string id = Guid.NewGuid().ToString("N");
    private int number;

    private string Usage
    {
        get
        {
            var (tokens, output) = (reply.Tokens, reply.Tokens.Output + reply.Tokens.Reasoning);
            return string.Create(CultureInfo.InvariantCulture,
                $"{{\"input_tokens\":{tokens.Input},\"input_tokens_details\":{{\"cached_tokens\":{tokens.CachedInput}}},\"output_tokens\":{output},"
                + $"\"output_tokens_details\":{{\"reasoning_tokens\":{tokens.Reasoning}}},\"total_tokens\":{tokens.Input + output}}}");
        }
    }

    public string Whole() => Response(reply.CutShort ? "incomplete" : "completed", [.. Items().Select(item => item.Done)], Usage);

    public IEnumerable<string> Events()
    {
        yield return Event("response.created", $"\"response\":{Response("in_progress", [], "null")}");
        yield return Event("response.in_progress", $"\"response\":{Response("in_progress", [], "null")}");
        var index = 0;
        foreach (var item in Items())
        {
            yield return Event("response.output_item.added", string.Create(CultureInfo.InvariantCulture, $"\"output_index\":{index},\"item\":{item.Added}"));
            foreach (var (type, members) in item.Deltas)
                yield return Event(type, string.Create(CultureInfo.InvariantCulture, $"\"item_id\":\"{item.Id}\",\"output_index\":{index},{members}"));
            yield return Event("response.output_item.done", string.Create(CultureInfo.InvariantCulture, $"\"output_index\":{index++},\"item\":{item.Done}"));
        }
        var status = reply.CutShort ? "incomplete" : "completed";
        yield return Event("response." + status, $"\"response\":{Response(status, [.. Items().Select(item => item.Done)], Usage)}");
    }

    private IEnumerable<Item> Items()
    {
        if (reply.Thought is { } thought) yield return Thought(thought);
        for (var i = 0; i < reply.Calls.Count; i++) yield return Call(i);
        if (reply.Calls.Count == 0) yield return Message();
    }

    private Item Thought(string thought)
    {
        var head = $"\"id\":\"rs_{id}\",\"type\":\"reasoning\",\"summary\":[]";
        return new("rs_" + id, $"{{{head}}}",
            $"{{{head},\"content\":[{{\"type\":\"reasoning_text\",\"text\":{Json.Quote(thought)}}}],"
                + $"\"encrypted_content\":\"{OpenAIResponsesConversation.Encrypted}\"}}",
            Json.Pieces(thought).Select(piece => ("response.reasoning_text.delta", $"\"content_index\":0,\"delta\":{Json.Quote(piece)}")));
    }

    private Item Call(int index)
    {
        var call = string.Create(CultureInfo.InvariantCulture,
            $"\"id\":\"fc_{id}{index}\",\"type\":\"function_call\",\"call_id\":\"call_{id[..16]}{index}\",\"name\":{Json.Quote(reply.Calls[index].Name)}");
        var (arguments, isCustom) = (reply.Calls[index].Arguments, prompt.Tools.First(tool => tool.Name == reply.Calls[index].Name).Parameters is null);
        if (isCustom)
        {
            call = call.Replace("function_call", "custom_tool_call", StringComparison.Ordinal);
            return new("fc_" + id + index.ToString(CultureInfo.InvariantCulture), $"{{{call},\"input\":\"\"}}", $"{{{call},\"input\":\"ls\"}}",
                [("response.custom_tool_call_input.delta", "\"delta\":\"ls\""), ("response.custom_tool_call_input.done", "\"input\":\"ls\"")]);
        }
        return new("fc_" + id + index.ToString(CultureInfo.InvariantCulture), $"{{{call},\"status\":\"in_progress\",\"arguments\":\"\"}}",
            $"{{{call},\"status\":\"completed\",\"arguments\":{Json.Quote(arguments)}}}",
            Json.Pieces(arguments).Select(piece => ("response.function_call_arguments.delta", $"\"delta\":{Json.Quote(piece)}")));
    }

    private Item Message()
    {
        var head = $"\"id\":\"msg_{id}\",\"type\":\"message\",\"role\":\"assistant\"";
        return new("msg_" + id, $"{{{head},\"status\":\"in_progress\",\"content\":[]}}",
            $"{{{head},\"status\":\"{(reply.CutShort ? "incomplete" : "completed")}\",\"content\":[{Text(reply.Text)}]}}",
            [("response.content_part.added", $"\"content_index\":0,\"part\":{Text("")}"),
                .. Json.Pieces(reply.Text).Select(piece =>
                    ("response.output_text.delta", $"\"content_index\":0,\"delta\":{Json.Quote(piece)},\"logprobs\":[],\"obfuscation\":\"x7\""))]);
    }

    private static string Text(string text) => $"{{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":{Json.Quote(text)}}}";

    private string Response(string status, string[] items, string usage) =>
        $"{{\"id\":\"resp_{id}\",\"object\":\"response\",\"created_at\":1790000000,\"status\":\"{status}\",\"error\":null,\"incomplete_details\":"
        + (status == "incomplete" ? "{\"reason\":\"max_output_tokens\"}" : "null") + $",\"model\":\"{prompt.Model}-2026-06-01\",\"store\":false,"
        + $"\"service_tier\":\"default\",\"output\":[{string.Join(',', items)}],\"usage\":{usage}}}";

    private string Event(string type, string members) =>
        string.Create(CultureInfo.InvariantCulture, $"event: {type}\ndata: {{\"type\":\"{type}\",\"sequence_number\":{number++},{members}}}\n\n");

    private sealed record Item(string Id, string Added, string Done, IEnumerable<(string Type, string Members)> Deltas);
}
