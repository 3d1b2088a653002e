using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Streams;

/// <summary>After the first token there is no way back: what breaks then ends with an error event, and never looks complete.</summary>
public sealed class BrokenStreamTests
{
    private static readonly Dictionary<string, (Func<RawConnection, Task> AfterToken, int Code, string Outcome)> Breaks = new()
    {
        ["ends in order but without a finish reason"] = (connection => connection.EndAsync(), 502, "TruncatedAnswer"),
        ["says [DONE] without a finish reason"] = (async connection =>
        {
            await connection.SendChunkAsync(OpenAIWire.Done);
            await connection.EndAsync();
        }, 502, "TruncatedAnswer"),
        ["closes in mid-chunk"] = (connection => connection.SendAsync("ff\r\ndata: {\"id\""), 502, "ConnectionReset"),
        ["closes without the last chunk"] = (_ => Task.CompletedTask, 502, "ConnectionReset"),
        ["resets"] = (connection =>
        {
            connection.Reset();
            return Task.CompletedTask;
        }, 502, "ConnectionReset"),
        ["sends malformed JSON"] = (connection => connection.SendChunkAsync("data: {\"id\":\"chatcmpl-B1\",\"choices\":[}\n\n"), 502, "MalformedAnswer"),
        ["sends a broken chunk size"] = (connection => connection.SendAsync("zz\r\n"), 502, "MalformedAnswer"),
        ["sends an error event"] = (connection => connection.SendChunkAsync($"data: {OpenAIWire.Error("The server had an error", "server_error")}\n\n"), 502,
            "ServerError"),
        ["sends an overload event"] = (connection => connection.SendChunkAsync($"data: {OpenAIWire.Error("Overloaded", "overloaded_error")}\n\n"), 503,
            "Overloaded"),
        ["sends an event that is too large"] = (connection => connection.SendChunkAsync($"data: {{\"padding\":\"{new string('x', 70_000)}\"}}\n\n"), 502,
            "MalformedAnswer"),
        ["falls silent"] = (connection => connection.Request.ClosedByRouter, 504, "IdleTimeout"),
    };

    public static TheoryData<string> EveryBreak => [.. Breaks.Keys];

    [Theory]
    [MemberData(nameof(EveryBreak))]
    public async Task Stream_that_breaks_after_its_first_token_ends_with_an_error_event_and_no_terminator(string how)
    {
        await using var environment = new TestEnvironment();
        var tokenSeen = new TaskCompletionSource();
        var alpha = await environment.AddAsync("alpha", ProviderAnswer.OverTcp(async connection =>
        {
            await connection.SendAsync(RawConnection.StreamHead);
            await connection.SendChunkAsync(OpenAIWire.Role);
            await connection.SendChunkAsync(OpenAIWire.Text("Hello"));
            await tokenSeen.Task;
            await Breaks[how].AfterToken(connection);
        }));
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Never said"));
        await environment.StartRouterAsync(("Limits:IdleSeconds", how == "falls silent" ? "0.3" : "60"), ("Limits:MaxEventBytes", "65536"));

        using var stream = await environment.OpenStreamAsync();
        await stream.ReadToTextAsync("Hello");
        tokenSeen.SetResult();
        var lines = await stream.ReadToEndAsync();

        AssertErrorEvent(lines, Breaks[how].Code);
        Assert.Single(alpha.Requests);
        Assert.Empty(beta.Requests);
        var record = await environment.RecordAsync(stream.GenerationId);
        Assert.Equal("error", record["finish_reason"]!.GetValue<string>());
        Assert.Equal(200, record["status"]!.GetValue<int>());
        Assert.False(record["cancelled"]!.GetValue<bool>());
        Assert.NotNull(record["error_type"]);
        // What was produced until then was paid for.
        Assert.Equal("counted", record["usage_source"]!.GetValue<string>());
        Assert.True(record["tokens_completion"]!.GetValue<int>() > 0);
        Assert.True(record["usage"]!.GetValue<decimal>() > 0);
        Assert.Equal(Breaks[how].Outcome, Assert.Single(record["provider_responses"]!.AsArray())!["outcome"]!.GetValue<string>());
    }

    [Fact]
    public async Task Content_filter_after_text_ends_in_order_with_that_reason()
    {
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.Stream(
            OpenAIWire.Role, OpenAIWire.Text("Hello"), OpenAIWire.Stop.Replace("\"stop\"", "\"content_filter\"", StringComparison.Ordinal), OpenAIWire.Usage,
                OpenAIWire.Done));

        var answer = await environment.ChatAsync(stream: true);

        Assert.Equal("Hello", answer.Text);
        Assert.Equal("content_filter", answer.FinishReason);
        Assert.True(answer.IsDone);
        Assert.Equal("content_filter", (await environment.RecordAsync(answer.GenerationId))["finish_reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Finish_reason_error_of_the_provider_is_an_error_event()
    {
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.Stream(
            OpenAIWire.Role, OpenAIWire.Text("Hello"), OpenAIWire.Stop.Replace("\"stop\"", "\"error\"", StringComparison.Ordinal), OpenAIWire.Done));

        var answer = await environment.ChatAsync(stream: true);

        Assert.Equal("Hello", answer.Text);
        Assert.Equal(502, answer.Error!["code"]!.GetValue<int>());
        Assert.False(answer.IsDone);
    }

    private static void AssertErrorEvent(List<string> lines, int code)
    {
        Assert.NotEmpty(lines);
        Assert.DoesNotContain("data: [DONE]", lines);
        var last = CallerStream.ParseChunk(lines[^1]);
        Assert.Equal("chat.completion.chunk", last["object"]!.GetValue<string>());
        Assert.Equal(code, last["error"]!["code"]!.GetValue<int>());
        Assert.NotEqual("", last["error"]!["message"]!.GetValue<string>());
        var choice = Assert.Single(last["choices"]!.AsArray())!;
        Assert.Equal("error", choice["finish_reason"]!.GetValue<string>());
        Assert.DoesNotContain(lines, line => line.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal));
    }
    [Fact]
    public async Task Output_of_a_provider_that_tells_only_its_input_before_it_dies_is_counted()
    {
        await using var environment = new TestEnvironment();
        var text = new string('x', 4000);
        var alpha = await environment.AddAsync("alpha", ProviderAnswer.Stream(AnthropicWire.Stream(text)[..4]), "anthropic-messages");
        environment.Catalog.AddModel(TestEnvironment.Model, [TestCatalog.Endpoint(alpha)]);
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream: true);

        Assert.NotNull(answer.Error);
        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.Equal(AnthropicWire.PromptTokens * TestCatalog.PromptPrice + 1000 * TestCatalog.CompletionPrice, record["usage"]!.GetValue<decimal>());
    }
}
