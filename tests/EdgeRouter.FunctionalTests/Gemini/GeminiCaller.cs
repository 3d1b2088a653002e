using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRouter.FunctionalTests.Gemini;

/// <summary>A caller of Gemini's API, who joins streams as Google's client does.</summary>
internal static class GeminiCaller
{
    public const string Hello = "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hello, router\"}]}]";

    /// <summary>The path of a call of <see cref="TestEnvironment.Model"/>.</summary>
    public static string Path(bool stream) => $"/v1beta/models/{TestEnvironment.Model}:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}";

    /// <summary>A request's body; without <c>contents</c> among <paramref name="more"/> it says hello.</summary>
    public static string Body(string more = "") =>
        more.Contains("\"contents\"", StringComparison.Ordinal) ? $"{{{more}}}" : $"{{{Hello}{(more.Length > 0 ? "," : "")}{more}}}";

    /// <summary>Posts a body and returns when the headers of the answer are there.</summary>
    public static Task<HttpResponseMessage> PostGeminiAsync(this TestEnvironment environment, string path, string? body = null, HttpClient? client = null,
        params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body ?? Body(), Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return (client ?? environment.Router.Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Asks and reads the answer to its end.</summary>
    public static async Task<GeminiAnswer> GenerateAsync(this TestEnvironment environment, bool stream, string more = "",
        params (string Name, string Value)[] headers)
    {
        using var response = await environment.PostGeminiAsync(Path(stream), Body(more), headers: headers);
        return await GeminiAnswer.ReadAsync(response);
    }
}

/// <summary>An answer as the caller got it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="MediaType">Media type of the answer.</param>
/// <param name="Headers">Headers of the answer.</param>
/// <param name="Pieces">The answer, or the pieces of a stream.</param>
internal sealed record GeminiAnswer(int Status, string MediaType, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<JsonNode> Pieces)
{
    /// <summary>The answer, or the last piece of a stream, which has the end.</summary>
    public JsonNode Last => Pieces[^1];

    /// <summary>The error; null: none.</summary>
    public JsonNode? Error => Last["error"];

    /// <summary>Why the first candidate ended; null: it has not.</summary>
    public string? FinishReason => (string?)Last["candidates"]?[0]?["finishReason"];

    /// <summary>The parts of the first candidate.</summary>
    public IReadOnlyList<JsonNode> Parts =>
        [.. Pieces.Where(piece => piece["candidates"] is not null).SelectMany(piece => piece["candidates"]![0]!["content"]!["parts"]!.AsArray())
            .Select(part => part!)];

    /// <summary>The text without thoughts.</summary>
    public string Text => string.Concat(Parts.Where(part => part["thought"] is null).Select(part => (string?)part["text"]));

    /// <summary>The thoughts.</summary>
    public string Thoughts => string.Concat(Parts.Where(part => part["thought"] is not null).Select(part => (string?)part["text"]));

    /// <summary>The calls.</summary>
    public IReadOnlyList<JsonNode> Calls => [.. Parts.Select(part => part["functionCall"]).OfType<JsonNode>()];

    public static async Task<GeminiAnswer> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var body = await response.Content.ReadAsStringAsync();
        var mediaType = response.Content.Headers.ContentType!.MediaType!;
        if (mediaType == "text/event-stream") return new GeminiAnswer((int)response.StatusCode, mediaType, headers, ReadEvents(body));
        var json = JsonNode.Parse(body)!;
        return new GeminiAnswer((int)response.StatusCode, mediaType, headers, json is JsonArray array ? [.. array.Select(piece => piece!)] : [json]);
    }

    private static List<JsonNode> ReadEvents(string body)
    {
        var pieces = new List<JsonNode>();
        foreach (var piece in body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.StartsWith("data: ", piece, StringComparison.Ordinal);
            pieces.Add(JsonNode.Parse(piece["data: ".Length..])!);
        }
        return pieces;
    }
}
