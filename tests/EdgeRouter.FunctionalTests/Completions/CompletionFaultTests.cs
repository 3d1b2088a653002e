using EdgeRouter.FunctionalTests.Budgets;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Completions;

/// <summary>What goes wrong with a completion goes wrong as with a chat: failover, errors before and inside a stream, callers who leave, budgets.</summary>
public sealed class CompletionFaultTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failing_provider_is_replaced_by_the_next(bool stream)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", OpenAIWire.Fails(500));
        await environment.AddAsync("beta", AnthropicWire.Says("Hello from beta"), "anthropic-messages");
        await environment.StartRouterAsync();

        var answer = await environment.CompleteAsync(stream, "\"provider\":{\"order\":[\"alpha\",\"beta\"]}");

        Assert.Equal("Hello from beta", answer.CompletedText());
        Assert.Equal(2, answer.Attempts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Error_before_the_answer_has_the_envelope_of_chat(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Fails(503, "Overloaded", "overloaded_error"));

        var answer = await environment.CompleteAsync(stream);

        Assert.Equal(503, answer.Status);
        Assert.False(answer.IsStream);
        Assert.Equal(503, answer.Error!["code"]!.GetValue<int>());
        Assert.Equal("Provider alpha", answer.Error["metadata"]!["provider_name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Error_inside_the_stream_is_an_event_and_no_terminator_follows()
    {
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Text("Hello"),
            $"data: {OpenAIWire.Error("The server had an error", "server_error")}\n\n"));

        var answer = await environment.CompleteAsync(stream: true);

        Assert.Equal("Hello", answer.CompletedText());
        Assert.Equal(502, answer.Error!["code"]!.GetValue<int>());
        Assert.Equal("error", answer.FinishReason);
        Assert.False(answer.IsDone);
    }

    [Fact]
    public async Task Error_after_keep_alives_is_an_event_in_the_shape_of_completions()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Fails(500).After(TimeSpan.FromSeconds(1)),
            ("Limits:KeepAliveSeconds", "0.2"));

        var answer = await environment.CompleteAsync(stream: true);

        Assert.Equal(200, answer.Status);
        Assert.NotEmpty(answer.Comments);
        Assert.Equal("text_completion", answer.Json["object"]!.GetValue<string>());
        Assert.Equal(502, answer.Error!["code"]!.GetValue<int>());
        Assert.False(answer.IsDone);
    }

    [Fact]
    public async Task Caller_who_leaves_stops_the_provider_and_is_charged_for_what_came()
    {
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.StreamThenSilence(OpenAIWire.Role, OpenAIWire.Text("Hello")));
        string id;
        using (var stream = await CallerStream.OpenAsync(await environment.PostCompletionAsync(CompletionCaller.Body(stream: true))))
        {
            await stream.ReadToAsync(line => line.Contains("\"text\":\"Hello\"", StringComparison.Ordinal));
            id = stream.GenerationId;
        }

        await environment["alpha"].Request.ClosedByRouter.WaitAsync(TimeSpan.FromSeconds(10));
        var record = await environment.EventualRecordAsync(id);
        Assert.True(record["cancelled"]!.GetValue<bool>());
        Assert.True(record["usage"]!.GetValue<decimal>() > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Completion_that_the_limit_cannot_pay_is_refused_and_one_that_it_can_is_settled(bool stream)
    {
        await using var environment = await StartLimitedAsync(0.01m);

        var refused = await environment.CompleteAsync(stream, "\"max_tokens\":8000");
        var served = await environment.CompleteAsync(stream, "\"max_tokens\":1000");

        Assert.Equal(402, refused.Status);
        Assert.Equal("key", refused.Error!["metadata"]!["level"]!.GetValue<string>());
        Assert.Equal("Hello", served.CompletedText());
        await BudgetedRouter.AssertSettledAsync(environment, BudgetedRouter.Cost);
    }

    [Fact]
    public async Task Every_choice_that_is_generated_is_held()
    {
        await using var environment = await StartLimitedAsync(0.01m);

        var refused = await environment.CompleteAsync(stream: false, "\"max_tokens\":1000,\"best_of\":6");

        Assert.Equal(402, refused.Status);
        Assert.Empty(environment["alpha"].Requests);
    }

    [Fact]
    public async Task Broken_stream_is_continued_elsewhere()
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Text("Hello")));
        var beta = await environment.AddAsync("beta", OpenAIWire.Says(" again"));
        environment.Catalog.AddModel(TestEnvironment.Model,
            [TestCatalog.Endpoint(environment["alpha"]), TestCatalog.Endpoint(beta, more: new() { ["prefill"] = "plain" })]);
        await environment.StartRouterAsync();

        var answer = await environment.CompleteAsync(stream: true, "\"provider\":{\"order\":[\"alpha\",\"beta\"],\"resume\":true}");

        Assert.Equal("Hello again", answer.CompletedText());
        Assert.True(answer.IsDone);
        Assert.Equal(2, beta.Request.Json["messages"]!.AsArray().Count);
    }

    private static Task<TestEnvironment> StartLimitedAsync(decimal limit) =>
        TestEnvironment.StartAsync(OpenAIWire.Says("Hello"), BudgetedRouter.Limit(limit));
}
