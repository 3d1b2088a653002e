using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRouter.FunctionalTests.Messages;

/// <summary>A caller of <c>POST /messages</c>, who joins streams as Anthropic's client does.</summary>
internal static class MessagesCaller
{
    public const string Path = "/api/v1/messages";

    /// <summary>A request's body; without <c>messages</c> among <paramref name="more"/> it says hello.</summary>
    public static string Body(bool stream, string more = "")
    {
        var messages = more.Contains("\"messages\"", StringComparison.Ordinal) ? "" : ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello, router\"}]";
        return $"{{\"model\":\"{TestEnvironment.Model}\",\"max_tokens\":1000,\"stream\":{(stream ? "true" : "false")}{messages}"
            + $"{(more.Length > 0 ? "," : "")}{more}}}";
    }

    /// <summary>Posts a body and returns when the headers of the answer are there.</summary>
    public static Task<HttpResponseMessage> PostMessageAsync(this TestEnvironment environment, string body, string path = Path, HttpClient? client = null,
        params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return (client ?? environment.Router.Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Asks and reads the answer to its end.</summary>
    public static async Task<MessageAnswer> AskAsync(this TestEnvironment environment, bool stream, string more = "",
        params (string Name, string Value)[] headers)
    {
        using var response = await environment.PostMessageAsync(Body(stream, more), headers: headers);
        return await MessageAnswer.ReadAsync(response);
    }
}

/// <summary>A message as the caller got it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">Headers of the answer.</param>
/// <param name="Message">The message, whole or joined; or the body of an error.</param>
/// <param name="Events">Types of the events of a stream, in order; empty: no stream.</param>
/// <param name="Error">The error event of a stream; null: none.</param>
internal sealed record MessageAnswer(int Status, IReadOnlyDictionary<string, string> Headers, JsonNode Message, IReadOnlyList<string> Events, JsonNode? Error)
{
    public IEnumerable<string> BlockTypes => Message["content"]!.AsArray().Select(block => (string)block!["type"]!);

    public JsonNode Block(int index) => Message["content"]![index]!;

    public static async Task<MessageAnswer> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var body = await response.Content.ReadAsStringAsync();
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            return new MessageAnswer((int)response.StatusCode, headers, JsonNode.Parse(body)!, [], null);
        var events = new List<JsonNode>();
        foreach (var lines in body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(block => block.Split('\n')))
        {
            var data = JsonNode.Parse(lines[1]["data: ".Length..])!;
            Assert.Equal("event: " + data["type"], lines[0]);
            events.Add(data);
        }
        return new MessageAnswer((int)response.StatusCode, headers, Join(events), [.. events.Select(one => (string)one["type"]!)],
            events.Find(one => (string?)one["type"] == "error"));
    }

    private static JsonNode Join(List<JsonNode> events)
    {
        var message = events.Find(one => (string?)one["type"] == "message_start")?["message"]!.DeepClone() ?? new JsonObject { ["content"] = new JsonArray() };
        var content = message["content"]!.AsArray();
        var inputs = new Dictionary<int, string>();
        foreach (var one in events)
        {
            if ((string)one["type"]! == "content_block_start") content.Add(one["content_block"]!.DeepClone());
            if ((string)one["type"]! == "content_block_delta") Apply(content[(int)one["index"]!]!, one["delta"]!, inputs, (int)one["index"]!);
            if ((string)one["type"]! != "message_delta") continue;
            foreach (var (name, value) in one["delta"]!.AsObject()) message[name] = value?.DeepClone();
            message["usage"] = one["usage"]!.DeepClone();
        }
        foreach (var (index, input) in inputs) content[index]!["input"] = JsonNode.Parse(input);
        return message;
    }

    private static void Apply(JsonNode block, JsonNode delta, Dictionary<int, string> inputs, int index)
    {
        if (delta["partial_json"] is { } piece) inputs[index] = inputs.GetValueOrDefault(index) + (string)piece!;
        foreach (var name in (string[])["text", "thinking", "signature"])
            if (delta[name] is { } text) block[name] = (string)block[name]! + (string)text!;
    }
}
