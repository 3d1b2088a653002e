using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRouter.FunctionalTests.Responses;

/// <summary>A caller of <c>POST /responses</c>, who joins streams as OpenAI's client does.</summary>
internal static class ResponsesCaller
{
    public const string Path = "/api/v1/responses";

    /// <summary>A request's body; without <c>input</c> among <paramref name="more"/> it says hello.</summary>
    public static string Body(bool stream, string more = "")
    {
        var input = more.Contains("\"input\":", StringComparison.Ordinal) ? "" : ",\"input\":\"Hello, router\"";
        return $"{{\"model\":\"{TestEnvironment.Model}\",\"stream\":{(stream ? "true" : "false")}{input}{(more.Length > 0 ? "," : "")}{more}}}";
    }

    /// <summary>Posts a body and returns when the headers of the answer are there.</summary>
    public static Task<HttpResponseMessage> PostResponseAsync(this TestEnvironment environment, string body, string path = Path, HttpClient? client = null,
        params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return (client ?? environment.Router.Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Asks and reads the answer to its end.</summary>
    public static async Task<ResponseAnswer> RespondAsync(this TestEnvironment environment, bool stream, string more = "",
        params (string Name, string Value)[] headers)
    {
        using var response = await environment.PostResponseAsync(Body(stream, more), headers: headers);
        return await ResponseAnswer.ReadAsync(response);
    }
}

/// <summary>A response as the caller got it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">Headers of the answer.</param>
/// <param name="Response">The response, whole or of the last event; or the body of an error.</param>
/// <param name="Events">The events of a stream, in order; empty: no stream.</param>
/// <param name="Text">The body.</param>
internal sealed record ResponseAnswer(int Status, IReadOnlyDictionary<string, string> Headers, JsonNode Response, IReadOnlyList<JsonNode> Events, string Text)
{
    public IEnumerable<string> Types => Events.Select(one => (string)one["type"]!);

    public IEnumerable<string> ItemTypes => Response["output"]!.AsArray().Select(item => (string)item!["type"]!);

    public JsonNode Item(int index) => Response["output"]![index]!;

    /// <summary>The text of all messages; of a stream as its deltas told it, which its end must repeat.</summary>
    public string OutputText
    {
        get
        {
            var whole = string.Concat(Response["output"]!.AsArray().Where(item => (string?)item!["type"] == "message")
                .SelectMany(item => item!["content"]!.AsArray()).Select(part => (string?)part!["text"]));
            var deltas = Events.Where(one => (string?)one["type"] == "response.output_text.delta").Select(one => (string?)one["delta"]);
            if (Events.Count > 0) Assert.Equal(whole, string.Concat(deltas));
            return whole;
        }
    }

    public static async Task<ResponseAnswer> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var body = await response.Content.ReadAsStringAsync();
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            return new ResponseAnswer((int)response.StatusCode, headers, JsonNode.Parse(body)!, [], body);
        var events = new List<JsonNode>();
        foreach (var lines in body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(block => block.Split('\n')))
        {
            if (lines is ["data: [DONE]"] || lines[0].StartsWith(':')) continue;
            var data = JsonNode.Parse(lines[1]["data: ".Length..])!;
            Assert.Equal("event: " + data["type"], lines[0]);
            Assert.Equal(events.Count, (int)data["sequence_number"]!);
            events.Add(data);
        }
        return new ResponseAnswer((int)response.StatusCode, headers, events[^1]["response"]!, events, body);
    }
}
