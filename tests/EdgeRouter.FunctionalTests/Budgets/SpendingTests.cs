using System.Text.Json.Nodes;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.FunctionalTests.Budgets;

/// <summary>What is shown as used and what is shown as left come from one number: they add up to the limit at any moment.</summary>
public sealed class SpendingTests
{
    private const decimal Limit = 0.05m;

    [Theory]
    [InlineData("never", "usage")]
    [InlineData("daily", "usage_daily")]
    [InlineData("weekly", "usage_weekly")]
    [InlineData("monthly", "usage_monthly")]
    public async Task Usage_and_remaining_add_up_to_the_limit_at_every_moment(string reset, string window)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", BudgetedRouter.Says(1000));
        await environment.StartRouterAsync([BudgetedRouter.Limit(Limit), .. reset == "never" ? [] : ((string, string)[])[("Budgets:Inference:Reset", reset)]]);

        for (var i = 0; i < 3; i++)
        {
            await environment.ChatAsync(stream: i == 1, BudgetedRouter.Bounded);
            // An answer's money is shown as used as soon as its caller has it.
            Assert.Equal((i + 1) * 0.002019m, AssertAddsUp(await BudgetedRouter.KeyAsync(environment.Router), window));
        }
        // More than the limit suffices for: the last of them meet its end, where every hold goes to the ledger.
        var calls = Task.WhenAll(Enumerable.Range(0, 40).Select(i => environment.ChatAsync(stream: i % 2 == 0, BudgetedRouter.Bounded)));
        var used = 0m;
        while (!calls.IsCompleted)
        {
            var now = AssertAddsUp(await BudgetedRouter.KeyAsync(environment.Router), window);
            Assert.True(now >= used, $"{now} after {used}");
            used = now;
        }
        Assert.Contains(await calls, answer => answer.Status == 402);

        await Eventually.TrueAsync(() => environment.Tap.Records.Count == 43, "all records to be handed over");
        var key = await BudgetedRouter.KeyAsync(environment.Router);
        Assert.Equal(environment.Tap.Records.Sum(record => record.Cost.ToDollars()), AssertAddsUp(key, window));
        foreach (var other in (string[])["usage", "usage_daily", "usage_weekly", "usage_monthly"])
            Assert.Equal(key[window]!.GetValue<decimal>(), key[other]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Credits_of_an_account_with_a_limit_never_fall_behind_its_keys()
    {
        await using var environment = await TestEnvironment.StartAsync(BudgetedRouter.Says(1000), ("Budgets:Account:Limit", "1"));
        var calls = Task.WhenAll(Enumerable.Range(0, 40).Select(i => environment.ChatAsync(stream: i % 2 == 0, BudgetedRouter.Bounded)));
        var used = 0m;
        while (!calls.IsCompleted)
        {
            var key = (await BudgetedRouter.KeyAsync(environment.Router))["usage"]!.GetValue<decimal>();
            var now = await CreditsUsedAsync(environment);
            Assert.True(now >= used && now >= key, $"{now} after {used}, and the key has {key}");
            used = now;
        }
        await calls;

        Assert.Equal(40 * 0.002019m, await CreditsUsedAsync(environment));
    }

    [Theory]
    [InlineData("Inference")]
    [InlineData("Account")]
    public async Task New_limit_counts_what_was_spent_before_it(string whose)
    {
        using var folder = new TemporaryFolder();
        var storage = ("Storage", "file:" + folder.Path);
        await using (var before = await TestEnvironment.StartAsync(BudgetedRouter.Says(1000), storage))
        {
            await before.ChatAsync(stream: true, BudgetedRouter.Bounded);
        }
        await using var after = await TestEnvironment.StartAsync(BudgetedRouter.Says(1000), storage, ($"Budgets:{whose}:Limit", "0.007"));
        Assert.Equal(0.002019m, await UsedAsync(after, whose));

        Assert.Equal(200, (await after.ChatAsync(stream: false, BudgetedRouter.Bounded)).Status);
        Assert.Equal(402, (await after.ChatAsync(stream: false, BudgetedRouter.Bounded)).Status);

        Assert.Equal(2 * 0.002019m, await UsedAsync(after, whose));
    }

    private static async Task<decimal> UsedAsync(TestEnvironment environment, string whose) => whose == "Account"
        ? await CreditsUsedAsync(environment) : AssertAddsUp(await BudgetedRouter.KeyAsync(environment.Router), "usage", 0.007m);

    private static decimal AssertAddsUp(JsonNode key, string window, decimal limit = Limit)
    {
        var used = key[window]!.GetValue<decimal>();
        Assert.Equal(limit, used + key["limit_remaining"]!.GetValue<decimal>());
        return used;
    }

    private static async Task<decimal> CreditsUsedAsync(TestEnvironment environment) =>
        JsonNode.Parse(await environment.Router.Management.GetStringAsync("/api/v1/credits"))!["data"]!["total_usage"]!.GetValue<decimal>();
}
