using System.Globalization;

namespace EdgeRouter.FunctionalTests.Stubs;

/// <summary>Answers as OpenAI's Responses wire has them, in the provider's own bytes.</summary>
internal static class ResponsesWire
{
    /// <summary>An item: its type, id and further members when it begins and when it is whole, and its events between.</summary>
    public sealed record Item(string Type, string Id, string Begin, string End, (string Type, string Members)[] Events);

    /// <summary>Says the text, streamed or whole, as the request wants.</summary>
    public static ProviderAnswer Says(string text) => Answers(Message(text));

    public static string[] Stream(string text) => StreamOf([Message(text)]);

    /// <summary>Gives these items, streamed or whole.</summary>
    public static ProviderAnswer Answers(params Item[] items) =>
        ProviderAnswer.ByMode(ProviderAnswer.Stream(StreamOf(items)), ProviderAnswer.Body(200, Response("completed", items)));

    public static Item Message(string text) => new("message", "msg_up", "\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]",
        $"\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{Text(text)}]",
        [("response.content_part.added", $"\"content_index\":0,\"part\":{Text("")}"),
            ("response.output_text.delta", $"\"content_index\":0,\"delta\":\"{text}\",\"logprobs\":[]"),
            ("response.output_text.done", $"\"content_index\":0,\"text\":\"{text}\",\"logprobs\":[]"),
            ("response.content_part.done", $"\"content_index\":0,\"part\":{Text(text)}")]);

    /// <param name="text">The summary.</param>
    /// <param name="encrypted">What the provider encrypted.</param>
    public static Item Thought(string text, string encrypted) => new("reasoning", "rs_up", "\"summary\":[]",
        $"\"summary\":[{{\"type\":\"summary_text\",\"text\":\"{text}\"}}],\"encrypted_content\":\"{encrypted}\"",
        [("response.reasoning_summary_part.added", "\"summary_index\":0,\"part\":{\"type\":\"summary_text\",\"text\":\"\"}"),
            ("response.reasoning_summary_text.delta", $"\"summary_index\":0,\"delta\":\"{text}\""),
            ("response.reasoning_summary_text.done", $"\"summary_index\":0,\"text\":\"{text}\"")]);

    /// <param name="callId">Id of the call.</param>
    /// <param name="name">The function.</param>
    /// <param name="pieces">Its arguments, as the content of a JSON string.</param>
    public static Item Call(string callId, string name, params string[] pieces)
    {
        var call = $"\"call_id\":\"{callId}\",\"name\":\"{name}\"";
        var arguments = string.Concat(pieces);
        return new("function_call", "fc_" + callId, $"{call},\"status\":\"in_progress\",\"arguments\":\"\"",
            $"{call},\"status\":\"completed\",\"arguments\":\"{arguments}\"",
            [.. pieces.Select(piece => ("response.function_call_arguments.delta", $"\"delta\":\"{piece}\"")),
                ("response.function_call_arguments.done", $"\"arguments\":\"{arguments}\"")]);
    }

    /// <summary>Any item, whole at once.</summary>
    public static Item Other(string type, string members) => new(type, "x_up", members, members, []);

    private static string[] StreamOf(Item[] items)
    {
        var number = 0;
        var events = new List<string> { Event("response.created", $"\"response\":{Response("in_progress", [])}"), Event("response.in_progress",
            $"\"response\":{Response("in_progress", [])}") };
        for (var i = 0; i < items.Length; i++)
        {
            var item = items[i];
            events.Add(Event("response.output_item.added", $"\"output_index\":{i},\"item\":{Object(item, item.Begin)}"));
            foreach (var (type, members) in item.Events) events.Add(Event(type, $"\"item_id\":\"{item.Id}\",\"output_index\":{i},{members}"));
            events.Add(Event("response.output_item.done", $"\"output_index\":{i},\"item\":{Object(item, item.End)}"));
        }
        events.Add(Event("response.completed", $"\"response\":{Response("completed", items)}"));
        return [.. events];

        string Event(string type, string members) =>
            string.Create(CultureInfo.InvariantCulture, $"event: {type}\ndata: {{\"type\":\"{type}\",\"sequence_number\":{number++},{members}}}\n\n");
    }

    private static string Response(string status, Item[] items) =>
        "{\"id\":\"resp_up\",\"object\":\"response\",\"created_at\":1760000000,\"status\":\"" + status
        + "\",\"error\":null,\"incomplete_details\":null,\"model\":\"gpt-5.4\",\"service_tier\":\"default\",\"store\":false,\"output\":["
        + string.Join(',', items.Select(item => Object(item, item.End))) + "],\"usage\":" + (status == "completed"
            ? "{\"input_tokens\":19,\"input_tokens_details\":{\"cached_tokens\":0},\"output_tokens\":3,\"output_tokens_details\":{\"reasoning_tokens\":0},"
                + "\"total_tokens\":22}"
            : "null") + "}";

    private static string Object(Item item, string members) => $"{{\"id\":\"{item.Id}\",\"type\":\"{item.Type}\",{members}}}";

    private static string Text(string text) => $"{{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\"{text}\"}}";
}
