using System.Globalization;
using EdgeRouter.Core.Governance.Audit;
using EdgeRouter.FunctionalTests.Budgets;
using EdgeRouter.FunctionalTests.Privacy;
using EdgeRouter.FunctionalTests.Stubs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EdgeRouter.FunctionalTests.Metering;

/// <summary>Usage that cannot be true is cut to what can; what the provider said stays to be seen.</summary>
public sealed class DisputedUsageTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task More_output_than_was_asked_for_is_cut_kept_and_raised(bool stream)
    {
        using var logs = new CollectedLogs();
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", BudgetedRouter.Says(5_000_000));
        await environment.StartRouterAsync(services => services.AddSingleton<ILoggerProvider>(logs), BudgetedRouter.Limit(1));

        var answer = await environment.ChatAsync(stream, BudgetedRouter.Bounded);

        const decimal Cost = OpenAIWire.PromptTokens * TestCatalog.PromptPrice + BudgetedRouter.MaxTokens * TestCatalog.CompletionPrice;
        Assert.Equal(Cost, answer.Usage!["cost"]!.GetValue<decimal>());
        Assert.Equal(BudgetedRouter.MaxTokens, answer.Usage["completion_tokens"]!.GetValue<int>());
        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.Equal(Cost, record["usage"]!.GetValue<decimal>());
        Assert.Equal(BudgetedRouter.MaxTokens, record["tokens_completion"]!.GetValue<int>());
        Assert.True(record["disputed"]!.GetValue<bool>());
        Assert.Equal(5_000_000, record["reported_usage"]!["output"]!.GetValue<long>());
        Assert.Equal(OpenAIWire.PromptTokens, record["reported_usage"]!["input"]!.GetValue<long>());
        Assert.Contains(logs.Entries, entry => entry.StartsWith("Warning", StringComparison.Ordinal)
            && entry.Contains(answer.GenerationId, StringComparison.Ordinal));
        await BudgetedRouter.AssertSettledAsync(environment, Cost);
        var raised = Assert.Single(await AuditAsync(environment), entry => entry.Action == "usage.disputed");
        Assert.Equal(answer.GenerationId, raised.Target);
        Assert.Equal("5000000", raised.Details["reported_completion_tokens"]);
        Assert.Equal(BudgetedRouter.MaxTokens.ToString(CultureInfo.InvariantCulture), raised.Details["completion_tokens"]);
    }

    [Fact]
    public async Task Usage_that_can_be_true_is_not_disputed()
    {
        await using var environment = await TestEnvironment.StartAsync(BudgetedRouter.Says(BudgetedRouter.MaxTokens), BudgetedRouter.Limit(1));

        var record = await environment.RecordAsync((await environment.ChatAsync(stream: true, BudgetedRouter.Bounded)).GenerationId);

        Assert.False(record["disputed"]!.GetValue<bool>());
        Assert.Null(record["reported_usage"]);
        Assert.DoesNotContain(await AuditAsync(environment), entry => entry.Action == "usage.disputed");
    }

    [Theory]
    [InlineData("-5", true)]
    [InlineData("-9223372036854775808", true)]
    [InlineData("9223372036854775807", true)]
    [InlineData("1e30", true)]
    [InlineData("1e308", true)]
    [InlineData("1e999", true)]
    [InlineData("123456789012345678901234567890", true)]
    [InlineData("\"NaN\"", false)]
    [InlineData("null", false)]
    [InlineData("[]", false)]
    public async Task Whatever_a_provider_says_there_is_a_record_and_totals_and_ledger_agree(string number, bool disputed)
    {
        var usage = $"\"usage\":{{\"prompt_tokens\":{number},\"completion_tokens\":{number},\"total_tokens\":{number},"
            + $"\"prompt_tokens_details\":{{\"cached_tokens\":{number}}},\"completion_tokens_details\":{{\"reasoning_tokens\":{number}}}}}";
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.ByMode(
            ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Text("Hello"), OpenAIWire.Stop,
                "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[]," + usage + "}\n\n", OpenAIWire.Done),
            ProviderAnswer.Body(200, "{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]," + usage + "}")), BudgetedRouter.Limit(1));

        foreach (var stream in (bool[])[false, true])
        {
            var answer = await environment.ChatAsync(stream, BudgetedRouter.Bounded);
            Assert.Equal("Hello", answer.Text);
            var record = await environment.RecordAsync(answer.GenerationId);
            Assert.Equal(disputed, record["disputed"]!.GetValue<bool>());
            Assert.Equal(record["usage"]!.GetValue<decimal>(), answer.Usage!["cost"]!.GetValue<decimal>());
            Assert.InRange(record["tokens_completion"]!.GetValue<int>(), 0, BudgetedRouter.MaxTokens);
        }

        await BudgetedRouter.AssertSettledAsync(environment, environment.Tap.Records.Sum(record => record.Cost.ToDollars()));
    }

    private static async Task<List<AuditEvent>> AuditAsync(TestEnvironment environment)
    {
        var audit = environment.Router.Services.GetRequiredService<AuditLog>();
        var entries = new List<AuditEvent>();
        // The day may change while the test runs.
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        foreach (var day in (DateOnly[])[today.AddDays(-1), today])
            await foreach (var entry in audit.ReadDayAsync(day)) entries.Add(entry);
        return entries;
    }
}
