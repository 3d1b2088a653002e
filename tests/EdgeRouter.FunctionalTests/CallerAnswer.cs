using System.Globalization;
using System.Text.Json.Nodes;

namespace EdgeRouter.FunctionalTests;

/// <summary>An answer as the caller got it, whole or streamed, read with nothing but string splitting and a JSON parser.</summary>
internal sealed class CallerAnswer
{
    private readonly HttpResponseMessage response;

    private CallerAnswer(HttpResponseMessage response, string body)
    {
        this.response = response;
        Body = body;
        if (IsStream) ParseStream();
        else Json = JsonNode.Parse(body)!;
    }

    public string Body { get; }

    public int Status => (int)response.StatusCode;

    public bool IsStream => response.Content.Headers.ContentType?.MediaType == "text/event-stream";

    public string GenerationId => Header("X-Generation-Id")!;

    public int Attempts => int.Parse(Header("X-EdgeRouter-Attempts")!, CultureInfo.InvariantCulture);

    /// <summary>The JSON body of an answer that is no stream; the last chunk of one that is.</summary>
    public JsonNode Json { get; private set; } = new JsonObject();

    public List<JsonNode> Chunks { get; } = [];

    public List<string> Comments { get; } = [];

    /// <summary>The stream ended with <c>[DONE]</c>, and nothing came after it.</summary>
    public bool IsDone { get; private set; }

    /// <summary>All text.</summary>
    public string Text => IsStream
        ? string.Concat(Chunks.SelectMany(chunk => chunk["choices"]!.AsArray()).Select(choice => choice!["delta"]!["content"]?.GetValue<string>()))
        : Json["choices"]![0]!["message"]!["content"]!.GetValue<string>();

    public string? FinishReason => IsStream
        ? Chunks.SelectMany(chunk => chunk["choices"]!.AsArray()).Select(choice => choice!["finish_reason"]?.GetValue<string>())
            .LastOrDefault(reason => reason is not null)
        : Json["choices"]![0]!["finish_reason"]?.GetValue<string>();

    public JsonNode? Usage => Json["usage"];

    public JsonNode? Error => Json["error"];

    public string? Header(string name) => response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
        ? string.Join(", ", values) : null;

    public static async Task<CallerAnswer> ReadAsync(HttpResponseMessage response) => new(response, await response.Content.ReadAsStringAsync());

    private void ParseStream()
    {
        foreach (var line in Body.Split('\n'))
        {
            if (line.Length == 0) continue;
            if (IsDone) throw new FormatException($"After [DONE] came: {line}");
            if (line[0] == ':') Comments.Add(line);
            else if (line == "data: [DONE]") IsDone = true;
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) Chunks.Add(JsonNode.Parse(line["data: ".Length..])!);
            else throw new FormatException($"Not a line of a chat stream: {line}");
        }
        if (Chunks.Count > 0) Json = Chunks[^1];
    }
}
