using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRouter.ClientTests.Matrix;

/// <summary>Gemini's <c>generateContent</c> and <c>streamGenerateContent</c>.</summary>
internal sealed class GeminiCaller : MatrixCaller
{
    public override string Name => "gemini";

    protected override string PathOf(Ask ask) => $"/v1beta/models/{ask.Model}:{(ask.Stream ? "streamGenerateContent?alt=sse" : "generateContent")}";

    protected override JsonObject WriteBody(Ask ask)
    {
        var parts = new JsonArray(new JsonObject { ["text"] = ask.Text });
        if (ask.Scenario == Scenario.Image)
            parts.Add(new JsonObject { ["inlineData"] = new JsonObject { ["mimeType"] = "image/png", ["data"] = PictureBase64 } });
        var contents = new JsonArray(new JsonObject { ["role"] = "user", ["parts"] = parts });
        if (ask.Earlier is { } earlier)
        {
            contents.Add(new JsonObject { ["role"] = "model", ["parts"] = earlier.Turn!.DeepClone() });
            contents.Add(new JsonObject { ["role"] = "user", ["parts"] = new JsonArray([.. earlier.Calls.Select(ResultOf)]) });
        }
        var config = new JsonObject { ["maxOutputTokens"] = 4000 };
        var body = new JsonObject { ["contents"] = contents, ["generationConfig"] = config };
        if (ask.HasTools)
        {
            var functions = new JsonArray(new JsonObject { ["name"] = "get_weather", ["parametersJsonSchema"] = Parse(Ask.WeatherParameters) });
            if (ask.HasTwoTools) functions.Add(new JsonObject { ["name"] = "get_time" });
            body["tools"] = new JsonArray(new JsonObject { ["functionDeclarations"] = functions });
        }
        if (ask.Scenario == Scenario.Structured)
        {
            config["responseMimeType"] = "application/json";
            config["responseJsonSchema"] = Parse(Ask.Schema);
        }
        if (ask.Scenario == Scenario.Reasoning) config["thinkingConfig"] = new JsonObject { ["includeThoughts"] = true };
        return body;
    }

    private static JsonNode ResultOf(Call call)
    {
        var result = new JsonObject { ["name"] = call.Name, ["response"] = new JsonObject { ["output"] = Ask.ResultOf(call) } };
        if (call.Id.Length > 0) result["id"] = call.Id;
        return new JsonObject { ["functionResponse"] = result };
    }

    public override Seen ReadWhole(JsonNode body) => body["error"] is { } error ? Failed(error) : Read([body]);

    public override Seen ReadStream(IReadOnlyList<(string? Type, JsonNode? Data)> events)
    {
        Assert.All(events, one => Assert.Null(one.Type));
        var pieces = events.Select(one => one.Data!).ToList();
        if (pieces.FindIndex(piece => piece["error"] is not null) is var at and >= 0)
        {
            Assert.Equal(pieces.Count - 1, at);
            return Failed(pieces[at]["error"]!) with { Text = Read(pieces[..at]).Text };
        }
        return Read(pieces);
    }

    private static Seen Read(List<JsonNode> pieces)
    {
        var candidates = pieces.Select(piece => piece["candidates"]?[0]).OfType<JsonNode>().ToList();
        var parts = new JsonArray([.. candidates.SelectMany(candidate => candidate["content"]?["parts"]?.AsArray() ?? []).Select(part => part!.DeepClone())]);
        var calls = parts.Where(part => part!["functionCall"] is not null).Select(part => part!["functionCall"]!).ToList();
        var finish = candidates.Select(candidate => (string?)candidate["finishReason"]).LastOrDefault();
        var usage = pieces.Count > 0 ? pieces[^1]["usageMetadata"] : null;
        return new Seen
        {
            Text = Join(parts, thought: false),
            Thought = Join(parts, thought: true),
            Calls = [.. calls.Select(call => new Call(StringOf(call["id"]), (string)call["name"]!, (call["args"] ?? new JsonObject()).ToJsonString()))],
            // Gemini's finish reason is STOP with calls too.
            StoppedForTools = calls.Count > 0,
            Complete = finish == "STOP",
            InputTokens = (long?)usage?["promptTokenCount"] ?? 0,
            OutputTokens = (long?)usage?["candidatesTokenCount"] ?? 0,
            Turn = parts,
        };
    }

    private static string Join(JsonArray parts, bool thought) =>
        string.Concat(parts.Where(part => ((bool?)part!["thought"] ?? false) == thought).Select(part => StringOf(part!["text"])));

    private static Seen Failed(JsonNode error) => new() { Error = (string)error["message"]!, RateLimited = (string?)error["status"] == "RESOURCE_EXHAUSTED" };
}
