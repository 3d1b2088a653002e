using System.Text.Json.Nodes;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Converse;
using Xunit;

namespace EdgeRouter.FunctionalTests.Converse;

/// <summary>Chat on a provider of Converse, over real sockets. The provider checks the signature and the shape of every request.</summary>
public sealed class ConverseTests
{
    private const string Tool = """
        "tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]
        """;

    private const string Picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

    [Theory, InlineData(false), InlineData(true)]
    public async Task Text_comes_back_with_its_usage(bool stream)
    {
        await using var environment = await ConverseRouter.StartAsync();

        var answer = await environment.ChatAsync(stream, "\"temperature\":0.5,\"seed\":7", "acme/text");

        Assert.Equal(("You said: Hello, router", "stop", "seed"), (answer.Text, answer.FinishReason, answer.Header("X-EdgeRouter-Dropped-Parameters")));
        Assert.Equal((ConverseAnswer.InputTokens + 5 + 7, ConverseAnswer.OutputTokens, 5), (answer.Usage!["prompt_tokens"]!.GetValue<int>(),
            answer.Usage["completion_tokens"]!.GetValue<int>(), answer.Usage["prompt_tokens_details"]!["cached_tokens"]!.GetValue<int>()));
        Assert.Equal("end_turn", (await environment.RecordAsync(answer.GenerationId))["native_finish_reason"]!.GetValue<string>());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Parallel_calls_of_tools_and_their_results_go_round(bool stream)
    {
        await using var environment = await ConverseRouter.StartAsync();

        var answer = await environment.ChatAsync(stream, Tool, "acme/tools");

        Assert.Equal("tool_calls", answer.FinishReason);
        var calls = CallsOf(answer);
        Assert.Equal(["tooluse_1 weather {\"city\":\"Paris\"}", "tooluse_2 weather {\"city\":\"Rome\"}"], calls);
        var results = """
            "messages":[{"role":"user","content":"Weather?"},
             {"role":"assistant","tool_calls":[{"id":"tooluse_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Paris\"}"}}]},
             {"role":"tool","tool_call_id":"tooluse_1","content":"sunny"}]
            """;
        Assert.Equal("The tool said: sunny", (await environment.ChatAsync(stream, results, "acme/tools")).Text);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Image_arrives_as_bytes(bool stream)
    {
        await using var environment = await ConverseRouter.StartAsync();

        var answer = await environment.ChatAsync(stream, "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":"
            + $"\"data:image/png;base64,{Picture}\"}}}}]}}]", "acme/text");

        Assert.Equal($"A png of {Convert.FromBase64String(Picture).Length} bytes.", answer.Text);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Reasoning_comes_with_its_signature_and_goes_back(bool stream)
    {
        await using var environment = await ConverseRouter.StartAsync();

        var answer = await environment.ChatAsync(stream, "\"reasoning\":{\"max_tokens\":2000}", "acme/reasoning");

        var details = ReasoningOf(answer);
        Assert.Equal("They greet me.", string.Concat(details.Select(detail => detail["text"]?.GetValue<string>())));
        Assert.Equal(ConverseAnswer.Signature, details.Select(detail => detail["signature"]?.GetValue<string>()).Last(signature => signature is not null));
        var returned = new JsonArray([.. details.Select(detail => detail.DeepClone())]).ToJsonString();
        await environment.ChatAsync(stream, $"\"messages\":[{{\"role\":\"user\",\"content\":\"Hi\"}},{{\"role\":\"assistant\",\"content\":\"Hello\","
            + $"\"reasoning_details\":{returned}}},{{\"role\":\"user\",\"content\":\"Again\"}}]", "acme/reasoning");
        var thought = environment["alpha"].Requests[^1].Json["messages"]![1]!["content"]![0]!["reasoningContent"]!["reasoningText"]!;
        Assert.Equal(("They greet me.", ConverseAnswer.Signature), (thought["text"]!.GetValue<string>(), thought["signature"]!.GetValue<string>()));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Error_before_the_answer_is_read_with_the_type_in_its_header(bool stream)
    {
        await using var environment = await ConverseRouter.StartAsync();

        var answer = await environment.ChatAsync(stream, model: "acme/throttled");

        Assert.Equal(429, answer.Status);
        Assert.Equal("RateLimited", (await environment.RecordAsync(answer.GenerationId))["provider_responses"]![0]!["outcome"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("broken")]
    [InlineData("cut")]
    [InlineData("corrupt")]
    public async Task Stream_that_breaks_never_looks_complete(string scenario)
    {
        await using var environment = await ConverseRouter.StartAsync();

        using var response = await environment.SendAsync(environment.Body(stream: true, model: "acme/" + scenario));
        var body = await response.Content.ReadAsStringAsync();

        Assert.DoesNotContain("[DONE]", body, StringComparison.Ordinal);
        Assert.Contains("\"error\"", body, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Caller_that_leaves_ends_the_call(bool stream)
    {
        await using var environment = await ConverseRouter.StartAsync();
        using var leave = new CancellationTokenSource();
        var sending = environment.SendAsync(environment.Body(stream, model: "acme/stuck"), leave.Token);
        await environment["alpha"].WaitForRequestsAsync();
        if (stream)
        {
            using var caller = await CallerStream.OpenAsync(await sending);
            await caller.ReadToAsync(line => line.Contains("You", StringComparison.Ordinal));
        }
        else await leave.CancelAsync();

        await Eventually.TrueAsync(() => environment["alpha"].Request.ClosedByRouter.IsCompleted, "the router hangs up");
        if (!stream) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task Session_and_key_of_the_provider_are_credentials_too()
    {
        await using (var session = await ConverseRouter.StartAsync(
            [.. ConverseRouter.AccessKey, ("Providers:alpha:Credentials:SessionToken", ConverseProvider.SessionToken)]))
            Assert.Equal(200, (await session.ChatAsync(false, model: "acme/text")).Status);
        await using var key = await ConverseRouter.StartAsync(("Providers:alpha:ApiKey", ConverseProvider.ApiKey));
        Assert.Equal(200, (await key.ChatAsync(true, model: "acme/text")).Status);
    }

    [Fact]
    public async Task Wrong_secret_is_a_failure_of_the_router_and_not_of_the_caller()
    {
        await using var environment = await ConverseRouter.StartAsync(ConverseRouter.AccessKey[0], ("Providers:alpha:Credentials:SecretAccessKey", "wrong"));

        var answer = await environment.ChatAsync(false, model: "acme/text");

        Assert.Equal(502, answer.Status);
        Assert.DoesNotContain(ConverseProvider.AccessKeyId, answer.Body, StringComparison.Ordinal);
    }

    private static List<string> CallsOf(CallerAnswer answer)
    {
        if (!answer.IsStream)
            return [.. answer.Json["choices"]![0]!["message"]!["tool_calls"]!.AsArray().Select(call =>
                $"{call!["id"]} {call["function"]!["name"]} {call["function"]!["arguments"]}")];
        var calls = new SortedDictionary<int, string>();
        var choices = answer.Chunks.SelectMany(chunk => chunk["choices"]!.AsArray());
        foreach (var call in choices.SelectMany(choice => choice!["delta"]!["tool_calls"]?.AsArray() ?? []))
        {
            var index = call!["index"]!.GetValue<int>();
            var head = call["id"] is { } id ? $"{id} {call["function"]!["name"]} " : "";
            calls[index] = calls.GetValueOrDefault(index, "") + head + call["function"]!["arguments"];
        }
        return [.. calls.Values];
    }

    private static List<JsonNode> ReasoningOf(CallerAnswer answer)
    {
        var owners = answer.IsStream
            ? answer.Chunks.SelectMany(chunk => chunk["choices"]!.AsArray()).Select(choice => choice!["delta"])
            : [answer.Json["choices"]![0]!["message"]];
        return [.. owners.SelectMany(owner => owner!["reasoning_details"]?.AsArray() ?? []).OfType<JsonNode>()];
    }
}
