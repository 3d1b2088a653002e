using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRouter.ClientTests.Matrix;

/// <summary><c>POST /completions</c>: a text, and its continuation.</summary>
internal sealed class CompletionsCaller : MatrixCaller
{
    public override string Name => "completions";

    public override bool Has(Scenario scenario) => scenario is Scenario.Text or Scenario.ErrorBefore or Scenario.ErrorMidStream or Scenario.Abort;

    protected override string PathOf(Ask ask) => "/api/v1/completions";

    protected override JsonObject WriteBody(Ask ask) =>
        new() { ["model"] = ask.Model, ["stream"] = ask.Stream, ["prompt"] = ask.Text, ["max_tokens"] = 1000, ["stream_options"] = UsageOf(ask) };

    private static JsonObject? UsageOf(Ask ask) => ask.Stream ? new JsonObject { ["include_usage"] = true } : null;

    public override Seen ReadWhole(JsonNode body)
    {
        if (body["error"] is { } error) return Failed(error);
        var choice = body["choices"]![0]!;
        return new Seen
        {
            Text = (string)choice["text"]!,
            Complete = choice["finish_reason"] is not null,
            InputTokens = (long)body["usage"]!["prompt_tokens"]!,
            OutputTokens = (long)body["usage"]!["completion_tokens"]!,
        };
    }

    public override Seen ReadStream(IReadOnlyList<(string? Type, JsonNode? Data)> events)
    {
        var (text, finish, done) = ("", (string?)null, false);
        JsonNode? usage = null;
        foreach (var (type, data) in events)
        {
            Assert.Null(type);
            Assert.False(done, "an event follows [DONE]");
            done = data is null;
            if (data is null) continue;
            usage = data["usage"] ?? usage;
            if (data["error"] is { } error) return Failed(error) with { Text = text };
            if (data["choices"]!.AsArray() is not [{ } choice]) continue;
            finish = (string?)choice["finish_reason"] ?? finish;
            text += StringOf(choice["text"]);
        }
        return new Seen
        {
            Text = text,
            Complete = done && finish is not null,
            InputTokens = (long)usage!["prompt_tokens"]!,
            OutputTokens = (long)usage["completion_tokens"]!,
        };
    }

    private static Seen Failed(JsonNode error) => new() { Error = (string)error["message"]!, RateLimited = error["code"]!.ToString() == "429" };
}
