using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Budgets;

/// <summary>Failed attempts that were billed: by the provider's own numbers where it told them, else by the estimate; hold and record agree.</summary>
public sealed class FailedAttemptTests
{
    private const string TellsReasoning = "\"usage\":{\"prompt_tokens\":19,\"completion_tokens\":400,\"total_tokens\":419,"
        + "\"completion_tokens_details\":{\"reasoning_tokens\":400}}";

    private const decimal Told = 19 * TestCatalog.PromptPrice + 400 * TestCatalog.CompletionPrice;

    private const string UsageChunk = "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[]," + TellsReasoning
        + "}\n\n";

    private static readonly Dictionary<string, ProviderAnswer> Billed = new()
    {
        ["empty"] = ProviderAnswer.ByMode(ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Stop, UsageChunk, OpenAIWire.Done),
            ProviderAnswer.Body(200, "{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":\"stop\"}]," + TellsReasoning + "}")),
        ["truncated"] = ProviderAnswer.ByMode(ProviderAnswer.Stream(OpenAIWire.Role, UsageChunk),
            ProviderAnswer.Body(200, "{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]," + TellsReasoning + "}")),
        ["malformed"] = ProviderAnswer.ByMode(ProviderAnswer.Stream(OpenAIWire.Role, UsageChunk, "data: {\"choices\":7\n\n"),
            ProviderAnswer.Body(200, "{" + TellsReasoning + ",\"choices\":[{\"index\":0,\"message\":{\"content\":\"\"},\"finish_reason\":\"stop\"}]}")),
        ["error with usage"] = ProviderAnswer.ByMode(
            ProviderAnswer.Stream(OpenAIWire.Role, UsageChunk, $"data: {OpenAIWire.Error("The server had an error")}\n\n"),
            ProviderAnswer.Body(200, "{\"error\":{\"message\":\"The server had an error\",\"type\":\"server_error\"}," + TellsReasoning + "}")),
    };

    public static TheoryData<string, bool> EveryKind
    {
        get
        {
            var kinds = new TheoryData<string, bool>();
            foreach (var kind in Billed.Keys)
            {
                kinds.Add(kind, false);
                kinds.Add(kind, true);
            }
            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Failed_attempt_whose_provider_told_its_usage_costs_just_that(string kind, bool stream)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", Billed[kind]);
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync(BudgetedRouter.Limit(1));

        var answer = await environment.ChatAsync(stream, BudgetedRouter.Bounded);

        Assert.Equal("Hello from beta", answer.Text);
        var record = await environment.RecordAsync(answer.GenerationId);
        var failed = record["provider_responses"]![0]!;
        Assert.Equal(Told, failed["cost"]!.GetValue<decimal>());
        Assert.Equal("measured", failed["usage_source"]!.GetValue<string>());
        Assert.Equal(400, failed["tokens_completion"]!.GetValue<int>());
        Assert.Equal(Told + BudgetedRouter.Cost, record["usage"]!.GetValue<decimal>());
        await BudgetedRouter.AssertSettledAsync(environment, Told + BudgetedRouter.Cost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hold_of_a_failed_attempt_whose_provider_told_its_usage_is_not_there_for_the_next(bool stream)
    {
        await using var environment = new TestEnvironment();
        // An error is not charged, but this one says that it is.
        await environment.AddAsync("alpha", Billed["error with usage"]);
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Never said"));
        await environment.StartRouterAsync(BudgetedRouter.Limit(1.5m * BudgetedRouter.HoldOf(environment, stream)));

        Assert.Equal(402, (await environment.ChatAsync(stream, BudgetedRouter.Bounded)).Status);
        Assert.Empty(beta.Requests);
        await BudgetedRouter.AssertSettledAsync(environment, Told);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Attempt_that_timed_out_is_charged_for_the_time_that_it_had(bool stream)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.Silence);
        await environment.StartRouterAsync(BudgetedRouter.Limit(1), ("Upstreams:HeadersSeconds", "1"), ("Upstreams:WholeAnswerSeconds", "1"));

        var answer = await environment.ChatAsync(stream, BudgetedRouter.Bounded);

        Assert.Equal(504, answer.Status);
        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.Equal("estimated", record["usage_source"]!.GetValue<string>());
        Assert.InRange(record["tokens_completion"]!.GetValue<int>(), 45, BudgetedRouter.MaxTokens);
        await BudgetedRouter.AssertSettledAsync(environment, record["usage"]!.GetValue<decimal>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Attempt_that_was_reset_is_charged_for_its_prompt(bool stream)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.OverTcp(connection =>
        {
            connection.Reset();
            return Task.CompletedTask;
        }));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync(BudgetedRouter.Limit(1));

        var answer = await environment.ChatAsync(stream, BudgetedRouter.Bounded);

        var failed = (await environment.RecordAsync(answer.GenerationId))["provider_responses"]![0]!;
        Assert.Equal("estimated", failed["usage_source"]!.GetValue<string>());
        Assert.Equal(BudgetedRouter.Lost, failed["cost"]!.GetValue<decimal>());
        await BudgetedRouter.AssertSettledAsync(environment, BudgetedRouter.Lost + BudgetedRouter.Cost);
    }
}
