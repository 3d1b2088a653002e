using System.Net;
using EdgeRouter.FunctionalTests.Messages;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Responses;

/// <summary>What is special to Responses: paths, what codex sends, keep-alives, hosted tools, failover.</summary>
public sealed class ResponsesTests
{
    /// <summary>A second turn of codex, as it is on the wire.</summary>
    private const string Codex = """
        "input":[
          {"type":"message","id":"msg_1","role":"developer","content":[{"type":"input_text","text":"You are a coding agent."}]},
          {"type":"message","id":"msg_2","role":"user","content":[{"type":"input_text","text":"List the files."}]},
          {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"I will list them."}],"content":null,"encrypted_content":"opaque"},
          {"type":"function_call","id":"fc_1","name":"shell","arguments":"{\"command\":[\"ls\"]}","call_id":"call_1"},
          {"type":"function_call_output","id":"fco_1","call_id":"call_1","output":"a.txt"}],
        "tools":[{"type":"function","name":"shell","description":"Runs a command.","strict":false,
            "parameters":{"type":"object","properties":{"command":{"type":"array","items":{"type":"string"}}},"required":["command"],
              "additionalProperties":false}},
          {"type":"namespace","name":"agents","description":"Other agents.","tools":[
            {"type":"function","name":"spawn","description":"Starts one.","strict":false,"parameters":{"type":"object","properties":{}}}]}],
        "tool_choice":"auto","parallel_tool_calls":true,"reasoning":{"summary":"auto"},"store":false,"include":["reasoning.encrypted_content"],
        "prompt_cache_key":"0199","client_metadata":{"x-codex-installation-id":"1"}
        """;

    [Theory]
    [InlineData("/v1/responses")]
    [InlineData("/api/v1/responses")]
    public async Task Paths_of_OpenAIs_and_OpenRouters_clients_are_served(string path)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));

        using var response = await environment.PostResponseAsync(ResponsesCaller.Body(stream: false), path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("anthropic-messages")]
    [InlineData("gemini")]
    [InlineData("openai-responses")]
    public async Task Request_of_codex_is_served_by_every_wire(string wire)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", WireAnswers.Thinks(wire), wire);
        await environment.StartRouterAsync();

        var answer = await environment.RespondAsync(stream: true, Codex);

        Assert.Equal("Fine.", answer.OutputText);
        Assert.Equal("""[{"type":"summary_text","text":"Hm."}]""", answer.Item(0)["summary"]!.ToJsonString());
        Assert.Contains("response.reasoning_summary_text.delta", answer.Types);
        var sent = environment["alpha"].Request.Body;
        Assert.Contains("a.txt", sent, StringComparison.Ordinal);
        if (wire == "openai-responses")
        {
            foreach (var passed in (string[])["\"namespace\"", "client_metadata", "opaque"]) Assert.Contains(passed, sent, StringComparison.Ordinal);
            return;
        }
        Assert.Contains("agents__spawn", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("opaque", sent, StringComparison.Ordinal);
        Assert.Contains("client_metadata", answer.Headers["X-EdgeRouter-Dropped-Parameters"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"previous_response_id\":\"resp_1\"", "previous_response_id")]
    [InlineData("\"store\":true", "store")]
    [InlineData("\"background\":true", "background")]
    [InlineData("\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"picture\"}]}]", "input[0].content[0].type")]
    public async Task What_the_router_does_not_keep_is_refused_by_name_before_a_provider_is_called(string members, string field)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("never"));

        var answer = await environment.RespondAsync(stream: true, members);

        Assert.Equal((400, field), (answer.Status, (string?)answer.Response["error"]!["param"]));
        Assert.Empty(environment["alpha"].Requests);
    }

    [Fact]
    public async Task Silent_provider_is_bridged_with_comments()
    {
        using var steps = new SemaphoreSlim(0);
        await using var environment = await TestEnvironment.StartAsync(
            ProviderAnswer.StreamInSteps(steps, OpenAIWire.Role, OpenAIWire.Text("Hello"), OpenAIWire.Stop + OpenAIWire.Usage + OpenAIWire.Done),
            ("Limits:KeepAliveSeconds", "0.1"));

        using var stream = await CallerStream.OpenAsync(await environment.PostResponseAsync(ResponsesCaller.Body(stream: true)));
        Assert.StartsWith(": ", await stream.ReadLineAsync(), StringComparison.Ordinal);
        steps.Release(2);

        Assert.Equal("data: [DONE]", (await stream.ReadToEndAsync())[^1]);
    }

    [Fact]
    public async Task Provider_that_fails_after_keep_alives_is_an_error_in_the_stream()
    {
        using var steps = new SemaphoreSlim(0);
        await using var environment = await TestEnvironment.StartAsync(
            ProviderAnswer.StreamInSteps(steps, OpenAIWire.Role, WireAnswers.MidstreamError("openai-chat")), ("Limits:KeepAliveSeconds", "0.1"));

        using var stream = await CallerStream.OpenAsync(await environment.PostResponseAsync(ResponsesCaller.Body(stream: true)));
        Assert.StartsWith(": ", await stream.ReadLineAsync(), StringComparison.Ordinal);
        steps.Release(1);

        var lines = await stream.ReadToEndAsync();
        Assert.Contains("event: error", lines);
        Assert.Contains("event: response.failed", lines);
        Assert.DoesNotContain("data: [DONE]", lines);
    }

    [Fact]
    public async Task Hosted_tool_that_no_provider_has_is_explained()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("never"));

        var answer = await environment.RespondAsync(stream: false, "\"tools\":[{\"type\":\"web_search\"}]");

        Assert.Equal((404, 404), (answer.Status, (int)answer.Response["error"]!["code"]!));
        Assert.Contains("web_search", (string)answer.Response["error"]!["metadata"]!["exclusions"]![0]!["detail"]!, StringComparison.Ordinal);
        Assert.Empty(environment["alpha"].Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hosted_tool_goes_only_to_a_provider_that_has_it_and_its_items_come_back(bool stream)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Says("never"));
        var beta = await environment.AddAsync("beta", ResponsesWire.Answers(
            ResponsesWire.Other("web_search_call", "\"status\":\"completed\",\"action\":{\"type\":\"search\",\"query\":\"news\"}"),
            ResponsesWire.Message("News.")), "openai-responses");
        await environment.StartRouterAsync();

        var answer = await environment.RespondAsync(stream, "\"tools\":[{\"type\":\"web_search\",\"search_context_size\":\"low\"}],\"x_own\":{\"deep\":[1]},"
            + "\"provider\":{\"order\":[\"alpha\",\"beta\"]}");

        Assert.Equal("News.", answer.OutputText);
        Assert.Equal(["web_search_call", "message"], answer.ItemTypes);
        Assert.Equal("news", (string?)answer.Item(0)["action"]!["query"]);
        Assert.Empty(alpha.Requests);
        Assert.Equal("""[{"type":"web_search","search_context_size":"low"}]""", beta.Request.Json["tools"]!.ToJsonString());
        Assert.Equal("""{"deep":[1]}""", beta.Request.Json["x_own"]!.ToJsonString());
        Assert.Null(beta.Request.Json["provider"]);
        Assert.False((bool)beta.Request.Json["store"]!);
        Assert.Equal("/v1/responses", beta.Request.Path);
    }

    [Fact]
    public async Task Custom_tool_is_called_by_a_model_that_knows_functions_only()
    {
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.Body(200, OpenAIWire.Whole("").Replace("\"content\":\"\"",
            "\"content\":null,\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"apply_patch\","
            + "\"arguments\":\"{\\\"input\\\":\\\"*** Begin Patch\\\"}\"}}]", StringComparison.Ordinal)));

        var answer = await environment.RespondAsync(stream: false, "\"tools\":[{\"type\":\"custom\",\"name\":\"apply_patch\",\"description\":\"Patches.\"}]");

        Assert.Equal(("custom_tool_call", "apply_patch", "*** Begin Patch"), ((string?)answer.Item(0)["type"], (string?)answer.Item(0)["name"],
            (string?)answer.Item(0)["input"]));
        Assert.Equal("function", (string?)environment["alpha"].Request.Json["tools"]![0]!["type"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Second_provider_of_another_wire_serves_when_the_first_fails(bool stream)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.Body(529, WireAnswers.MidstreamError("anthropic-messages")), "anthropic-messages");
        await environment.AddAsync("beta", GeminiWire.Says("Hello"), "gemini");
        await environment.StartRouterAsync();

        var answer = await environment.RespondAsync(stream, "\"provider\":{\"order\":[\"alpha\",\"beta\"]}");

        Assert.Equal("Hello", answer.OutputText);
        Assert.Equal("2", answer.Headers["X-EdgeRouter-Attempts"]);
    }

    [Fact]
    public async Task Answer_that_reaches_its_limit_is_incomplete()
    {
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Text("Hel"),
            OpenAIWire.Stop.Replace("\"stop\"", "\"length\"", StringComparison.Ordinal), OpenAIWire.Usage, OpenAIWire.Done));

        var answer = await environment.RespondAsync(stream: true, "\"max_output_tokens\":16");

        Assert.Equal("response.incomplete", answer.Types.Last());
        Assert.Equal(("max_output_tokens", "incomplete", 16), ((string?)answer.Response["incomplete_details"]!["reason"], (string?)answer.Item(0)["status"],
            (int)answer.Response["max_output_tokens"]!));
        Assert.Equal(16, (int)environment["alpha"].Request.Json["max_tokens"]!);
    }
}
