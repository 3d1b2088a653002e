using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.FunctionalTests.Budgets;

/// <summary>A caller who leaves early is charged what may have been spent, so that leaving evades no budget.</summary>
public sealed class LeavingEarlyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_of_a_provider_that_goes_on_is_read_to_its_end_and_charged_as_measured(bool stream)
    {
        using var answers = new SemaphoreSlim(0);
        await using var environment = await StartAsync(goesOn: true, Gated(answers));
        await LeaveAsync(environment, stream);
        await WaitUntilReadOnAsync(environment);

        answers.Release();

        var record = await RecordAsync(environment);
        Assert.True(record["cancelled"]!.GetValue<bool>());
        Assert.Equal("measured", record["usage_source"]!.GetValue<string>());
        Assert.Equal(OpenAIWire.CompletionTokens, record["tokens_completion"]!.GetValue<int>());
        await BudgetedRouter.AssertSettledAsync(environment, BudgetedRouter.Cost);
    }

    [Fact]
    public async Task Stream_of_a_provider_that_goes_on_is_read_to_its_end_after_the_first_token_too()
    {
        using var steps = new SemaphoreSlim(0);
        await using var environment = await StartAsync(goesOn: true,
            ProviderAnswer.StreamInSteps(steps, [OpenAIWire.Role + OpenAIWire.Text("Hello"), OpenAIWire.Text(" there"), OpenAIWire.Stop, OpenAIWire.Usage,
                OpenAIWire.Done]));
        using (var stream = await environment.OpenStreamAsync(BudgetedRouter.Bounded)) await stream.ReadToTextAsync("Hello");

        await WaitUntilReadOnAsync(environment);
        steps.Release(4);

        var record = await RecordAsync(environment);
        Assert.True(record["cancelled"]!.GetValue<bool>());
        Assert.Equal("measured", record["usage_source"]!.GetValue<string>());
        await BudgetedRouter.AssertSettledAsync(environment, BudgetedRouter.Cost);
    }

    [Fact]
    public async Task Reading_on_ends_in_time_and_the_most_that_it_may_cost_is_charged()
    {
        await using var environment = await StartAsync(goesOn: true, ProviderAnswer.Silence, ("Limits:ReadOnSeconds", "0.3"));
        await LeaveAsync(environment, stream: false);

        var record = await RecordAsync(environment);

        Assert.True(environment["alpha"].Request.ClosedByRouter.IsCompleted);
        AssertEstimated(record, BudgetedRouter.MaxTokens, BudgetedRouter.MaxTokens);
        await BudgetedRouter.AssertSettledAsync(environment, record["usage"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Beyond_the_number_that_may_be_read_on_at_once_the_most_that_it_may_cost_is_charged()
    {
        using var answers = new SemaphoreSlim(0);
        await using var environment = await StartAsync(goesOn: true, Gated(answers), ("Limits:ReadOnAtOnce", "1"));
        await LeaveAsync(environment, stream: false);
        await LeaveAsync(environment, stream: false, calls: 2);

        // The first is still read while the second has its record.
        var record = await RecordAsync(environment);
        AssertEstimated(record, BudgetedRouter.MaxTokens, BudgetedRouter.MaxTokens);
        answers.Release();

        await Eventually.TrueAsync(() => environment.Tap.Records.Count == 2, "both to have their records");
        await BudgetedRouter.AssertSettledAsync(environment, BudgetedRouter.Cost + record["usage"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Answer_that_breaks_after_the_caller_left_is_not_asked_for_elsewhere()
    {
        using var answers = new SemaphoreSlim(0);
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.OverHttp(async (context, _) =>
        {
            await answers.WaitAsync(context.RequestAborted);
            context.Abort();
        }), more: new JsonObject { ["abort_stops_billing"] = false });
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Never said"));
        await environment.StartRouterAsync(BudgetedRouter.Limit(1));
        await LeaveAsync(environment, stream: false);
        await WaitUntilReadOnAsync(environment);

        answers.Release();

        var record = await RecordAsync(environment);
        Assert.True(record["cancelled"]!.GetValue<bool>());
        Assert.Empty(beta.Requests);
        await BudgetedRouter.AssertSettledAsync(environment, record["usage"]!.GetValue<decimal>());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(null, false)]
    public async Task Where_closing_stops_the_provider_the_time_that_it_had_is_charged(bool? abortStopsBilling, bool stream)
    {
        await using var environment = await StartAsync(goesOn: !abortStopsBilling, ProviderAnswer.Silence);
        await LeaveAsync(environment, stream, after: TimeSpan.FromSeconds(0.6));

        var record = await RecordAsync(environment);

        await environment["alpha"].Request.ClosedByRouter.WaitAsync(Eventually.AtOnce);
        // 50 tokens in a second where nothing was learned.
        AssertEstimated(record, 25, BudgetedRouter.MaxTokens);
        await BudgetedRouter.AssertSettledAsync(environment, record["usage"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Learned_speed_says_how_much_and_the_hold_bounds_it()
    {
        await using var environment = await StartAsync(goesOn: false, BudgetedRouter.Says(BudgetedRouter.MaxTokens));
        for (var i = 0; i < 3; i++) await environment.ChatAsync(stream: false, BudgetedRouter.Bounded);
        environment["alpha"].Answer = ProviderAnswer.Silence;
        await LeaveAsync(environment, stream: false, calls: 4, after: TimeSpan.FromSeconds(2));

        await Eventually.TrueAsync(() => environment.Tap.Records.Count == 4, "the record to be handed over");
        var record = await environment.RecordAsync(environment.Tap.Records[3].Id);

        AssertEstimated(record, BudgetedRouter.MaxTokens, BudgetedRouter.MaxTokens);
    }

    /// <summary>Reasoning that is not shown is made before the first token, which comes after 0.6 s.</summary>
    [Theory]
    [InlineData("leaves", true)]
    [InlineData("idle", true)]
    [InlineData("total", true)]
    [InlineData("reset", true)]
    [InlineData("leaves", false)]
    public async Task Hidden_reasoning_is_charged_however_the_stream_ends_before_its_usage(string end, bool reasons)
    {
        using var seen = new SemaphoreSlim(0);
        await using var environment = await StartAsync(goesOn: false, ProviderAnswer.OverHttp(async (context, request) =>
        {
            await ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Text("Hello")).Http!(context, request);
            await seen.WaitAsync(context.RequestAborted);
            if (end == "reset") context.Abort();
            else await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }).After(TimeSpan.FromSeconds(0.6)), end switch
        {
            "idle" => [("Limits:IdleSeconds", "0.3")],
            "total" => [("Limits:TotalSeconds", "3")],
            _ => [],
        });
        using (var stream = await environment.OpenStreamAsync(BudgetedRouter.Bounded + (reasons ? ",\"reasoning_effort\":\"high\"" : "")))
        {
            await stream.ReadToTextAsync("Hello");
            seen.Release();
            if (end != "leaves") await stream.ReadToEndAsync();
        }

        var record = await RecordAsync(environment);

        // Two tokens of text; 50 tokens in a second where nothing was learned.
        Assert.Equal(reasons ? "estimated" : "counted", record["usage_source"]!.GetValue<string>());
        Assert.InRange(record["tokens_completion"]!.GetValue<int>(), reasons ? 27 : 2, reasons ? BudgetedRouter.MaxTokens : 2);
        await BudgetedRouter.AssertSettledAsync(environment, record["usage"]!.GetValue<decimal>());
    }

    private static void AssertEstimated(JsonNode record, int least, int most)
    {
        Assert.Equal("estimated", record["usage_source"]!.GetValue<string>());
        var output = record["tokens_completion"]!.GetValue<int>();
        Assert.InRange(output, least, most);
        Assert.Equal(record["tokens_prompt"]!.GetValue<int>() * TestCatalog.PromptPrice + output * TestCatalog.CompletionPrice,
            record["usage"]!.GetValue<decimal>());
        var attempt = record["provider_responses"]!.AsArray().Single()!;
        Assert.Equal("estimated", attempt["usage_source"]!.GetValue<string>());
        Assert.Equal(output, attempt["tokens_completion"]!.GetValue<int>());
    }

    /// <summary>Answers one request for each release.</summary>
    private static ProviderAnswer Gated(SemaphoreSlim answers) => ProviderAnswer.OverHttp(async (context, request) =>
    {
        await answers.WaitAsync(context.RequestAborted);
        await OpenAIWire.Says("Hello").Http!(context, request);
    });

    private static async Task<TestEnvironment> StartAsync(bool? goesOn, ProviderAnswer answer, params (string, string)[] settings)
    {
        var environment = new TestEnvironment();
        await environment.AddAsync("alpha", answer, more: new JsonObject { ["abort_stops_billing"] = goesOn is { } known ? !known : null });
        await environment.StartRouterAsync([BudgetedRouter.Limit(1), .. settings]);
        return environment;
    }

    private static async Task LeaveAsync(TestEnvironment environment, bool stream, int calls = 1, TimeSpan after = default)
    {
        using var leaving = new CancellationTokenSource();
        var sending = environment.SendAsync(environment.Body(stream, BudgetedRouter.Bounded), leaving.Token);
        await environment["alpha"].WaitForRequestsAsync(calls);
        await Task.Delay(after);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    /// <summary>Until then the router may not know that the caller left.</summary>
    private static Task WaitUntilReadOnAsync(TestEnvironment environment)
    {
        var readingOn = environment.Router.Services.GetRequiredService<ReadingOn>();
        return Eventually.TrueAsync(() => readingOn.Count == 1, "the answer to be read on");
    }

    private static async Task<JsonNode> RecordAsync(TestEnvironment environment) => await environment.RecordAsync((await environment.Tap.FirstAsync()).Id);
}
