using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Budgets;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.FunctionalTests.Metering;

/// <summary>An answer that is not streamed and outlasts what the platform allows: the caller hears of it in time, and the record tells the rest.</summary>
public sealed class PlatformLimitTests
{
    private static readonly (string, string) Platform = ("Limits:PlatformSeconds", "1");

    [Fact]
    public async Task Answer_that_is_not_streamed_and_not_there_in_time_is_504_that_names_its_generation()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", ProviderAnswer.Silence);
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Never said"));
        await environment.StartRouterAsync(Platform, BudgetedRouter.Limit(1));

        var answer = await environment.ChatAsync(stream: false, BudgetedRouter.Bounded);

        Assert.Equal(504, answer.Status);
        Assert.Equal("timeout", answer.Error!["metadata"]!["error_type"]!.GetValue<string>());
        Assert.Contains(answer.GenerationId, answer.Error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("\"stream\": true", answer.Error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        await alpha.Request.ClosedByRouter.WaitAsync(Eventually.AtOnce);
        Assert.Empty(beta.Requests);
        var record = await environment.EventualRecordAsync(answer.GenerationId);
        Assert.Equal(504, record["status"]!.GetValue<int>());
        Assert.Equal("timeout", record["error_type"]!.GetValue<string>());
        Assert.False(record["cancelled"]!.GetValue<bool>());
        Assert.Equal("estimated", record["usage_source"]!.GetValue<string>());
        Assert.InRange(record["tokens_completion"]!.GetValue<int>(), 10, BudgetedRouter.MaxTokens);
        await BudgetedRouter.AssertSettledAsync(environment, record["usage"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Record_tells_what_became_of_an_answer_whose_provider_goes_on()
    {
        using var answers = new SemaphoreSlim(0);
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.OverHttp(async (context, request) =>
        {
            await answers.WaitAsync(context.RequestAborted);
            await OpenAIWire.Says("Hello").Http!(context, request);
        }), more: new JsonObject { ["abort_stops_billing"] = false });
        await environment.StartRouterAsync(Platform, BudgetedRouter.Limit(1));

        // The whole error is there while the provider still works.
        var answer = await environment.ChatAsync(stream: false, BudgetedRouter.Bounded);
        Assert.Equal(504, answer.Status);
        Assert.Empty(environment.Tap.Records);
        answers.Release();

        var record = await environment.RecordAsync((await environment.Tap.FirstAsync()).Id);
        Assert.Equal(answer.GenerationId, record["id"]!.GetValue<string>());
        Assert.Equal(504, record["status"]!.GetValue<int>());
        Assert.Equal("timeout", record["error_type"]!.GetValue<string>());
        Assert.Equal("measured", record["usage_source"]!.GetValue<string>());
        Assert.Equal("stop", record["finish_reason"]!.GetValue<string>());
        Assert.Equal(OpenAIWire.CompletionTokens, record["tokens_completion"]!.GetValue<int>());
        await BudgetedRouter.AssertSettledAsync(environment, BudgetedRouter.Cost);
    }

    [Fact]
    public async Task Stream_may_outlast_it()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello").After(TimeSpan.FromSeconds(1.5)), Platform);

        Assert.Equal("Hello", (await environment.ChatAsync(stream: true)).Text);
    }

    [Fact]
    public async Task Without_a_limit_of_the_platform_a_whole_answer_may_take_its_time()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello").After(TimeSpan.FromSeconds(1.5)));

        Assert.Equal("Hello", (await environment.ChatAsync(stream: false)).Text);
    }
}
