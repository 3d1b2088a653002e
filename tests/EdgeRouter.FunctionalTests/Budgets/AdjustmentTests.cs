using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Governance.Audit;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.FunctionalTests.Budgets;

/// <summary><c>POST /credits/adjustments</c>: an operator puts right what a key or the account has spent.</summary>
public sealed class AdjustmentTests
{
    private const string Path = "/api/v1/credits/adjustments";
    private const decimal Spent = 0.002019m;

    [Theory]
    [InlineData(-0.002, "")]
    [InlineData(-0.5, "daily")]
    [InlineData(0.25, "monthly")]
    [InlineData(0.25, "weekly")]
    public async Task Adjustment_of_a_key_is_in_its_usage_in_what_is_left_and_in_the_credits(double change, string reset)
    {
        var amount = (decimal)change;
        (string, string)[] resets = reset.Length == 0 ? [] : [("Budgets:Inference:Reset", reset), ("Budgets:Account:Reset", reset)];
        await using var environment = await StartAsync(resets);
        await environment.ChatAsync(stream: false, BudgetedRouter.Bounded);

        var answer = await AdjustAsync(environment, Body(amount));

        Assert.Equal(200, answer.Status);
        Assert.Equal(amount, answer.Json["data"]!["amount"]!.GetValue<decimal>());
        Assert.False(answer.Json["data"]!["repeated"]!.GetValue<bool>());
        var key = await BudgetedRouter.KeyAsync(environment.Router);
        foreach (var window in (string[])["usage", "usage_daily", "usage_weekly", "usage_monthly"])
            Assert.Equal(Spent + amount, key[window]!.GetValue<decimal>());
        Assert.Equal(1 - Spent - amount, key["limit_remaining"]!.GetValue<decimal>());
        Assert.Equal(Spent + amount, await CreditsUsedAsync(environment));
        await environment.ChatAsync(stream: true, BudgetedRouter.Bounded);
        Assert.Equal(2 * Spent + amount, (await BudgetedRouter.KeyAsync(environment.Router))["usage"]!.GetValue<decimal>());
        Assert.Equal(2 * Spent + amount, await CreditsUsedAsync(environment));
    }

    [Fact]
    public async Task Adjustment_of_a_key_without_limits_and_without_any_request_is_in_the_totals()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));

        Assert.Equal(200, (await AdjustAsync(environment, Body(-0.75m))).Status);

        Assert.Equal(-0.75m, (await BudgetedRouter.KeyAsync(environment.Router))["usage"]!.GetValue<decimal>());
        Assert.Equal(-0.75m, await CreditsUsedAsync(environment));
    }

    [Fact]
    public async Task Adjustment_of_the_account_is_in_the_credits_and_no_key_has_it()
    {
        await using var environment = await StartAsync();
        await environment.ChatAsync(stream: false, BudgetedRouter.Bounded);

        var answer = await AdjustAsync(environment, """{"account":true,"amount":-0.001,"reason":"Credit note 7","idempotency_key":"note-7"}""");

        Assert.Equal(200, answer.Status);

        Assert.Equal(Spent - 0.001m, await CreditsUsedAsync(environment));
        Assert.Equal(Spent, (await BudgetedRouter.KeyAsync(environment.Router))["usage"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Money_that_is_given_back_can_be_spent_and_money_that_is_charged_cannot()
    {
        await using var environment = await TestEnvironment.StartAsync(BudgetedRouter.Says(1000), BudgetedRouter.Limit(0.006m));
        await environment.ChatAsync(stream: false, BudgetedRouter.Bounded);
        Assert.Equal(402, (await environment.ChatAsync(stream: false, BudgetedRouter.Bounded)).Status);

        await AdjustAsync(environment, Body(-0.002m, "back"));

        // What the ledger said is remembered for two seconds.
        await Eventually.NotNullAsync(async () =>
        {
            var answer = await environment.ChatAsync(stream: false, BudgetedRouter.Bounded);
            return answer.Status == 200 ? answer : null;
        }, "the request to be served");
        await AdjustAsync(environment, Body(-0.002m, "back again"));
        await AdjustAsync(environment, Body(0.004m, "charged"));
        Assert.Equal(402, (await environment.ChatAsync(stream: false, BudgetedRouter.Bounded)).Status);
    }

    [Fact]
    public async Task Adjustment_that_is_repeated_counts_once_also_when_both_come_at_once()
    {
        await using var environment = await StartAsync();
        await environment.ChatAsync(stream: false, BudgetedRouter.Bounded);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AdjustAsync(environment, Body(0.1m))));
        var again = await AdjustAsync(environment, Body(0.1m));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.True(again.Json["data"]!["repeated"]!.GetValue<bool>());
        Assert.Single(answers.Append(again).Select(answer => answer.Json["data"]!["created_at"]!.GetValue<string>()).Distinct());
        var key = await BudgetedRouter.KeyAsync(environment.Router);
        Assert.Equal(Spent + 0.1m, key["usage"]!.GetValue<decimal>());
        Assert.Equal(1 - Spent - 0.1m, key["limit_remaining"]!.GetValue<decimal>());
        Assert.Equal(Spent + 0.1m, await CreditsUsedAsync(environment));
        Assert.Single(await EventsAsync(environment));
    }

    [Fact]
    public async Task Same_idempotency_key_for_something_else_is_409()
    {
        await using var environment = await StartAsync();
        await AdjustAsync(environment, Body(0.1m));

        var answer = await AdjustAsync(environment, Body(0.2m));

        Assert.Equal(409, answer.Status);
        Assert.Contains("idempotency_key", answer.Json["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(0.1m, (await BudgetedRouter.KeyAsync(environment.Router))["usage"]!.GetValue<decimal>());
        Assert.Equal("0.1", Assert.Single(await EventsAsync(environment)).Details["amount"]);
    }

    [Fact]
    public async Task Adjustment_is_an_audit_event_with_its_reason()
    {
        await using var environment = await StartAsync();
        await AdjustAsync(environment, Body(-0.25m));

        var entry = Assert.Single(await EventsAsync(environment));
        Assert.Equal(KeyHash(), entry.Target);
        Assert.Equal(("-0.25", "Test of adjustments"), (entry.Details["amount"], entry.Details["reason"]));
        Assert.Equal(64, entry.Actor.Length);
        Assert.NotEqual(entry.Target, entry.Actor);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "amount", """{"account":true,"reason":"r","idempotency_key":"k"}""" },
        { "amount", """{"account":true,"amount":0,"reason":"r","idempotency_key":"k"}""" },
        { "amount", """{"account":true,"amount":"1","reason":"r","idempotency_key":"k"}""" },
        { "amount", """{"account":true,"amount":1e300,"reason":"r","idempotency_key":"k"}""" },
        { "amount", """{"account":true,"amount":1000000.01,"reason":"r","idempotency_key":"k"}""" },
        { "amount", """{"account":true,"amount":0.0000000001,"reason":"r","idempotency_key":"k"}""" },
        { "reason", """{"account":true,"amount":1,"idempotency_key":"k"}""" },
        { "reason", """{"account":true,"amount":1,"reason":" ","idempotency_key":"k"}""" },
        { "idempotency_key", """{"account":true,"amount":1,"reason":"r"}""" },
        { "key_hash", """{"amount":1,"reason":"r","idempotency_key":"k"}""" },
        { "key_hash", """{"key_hash":"zz","amount":1,"reason":"r","idempotency_key":"k"}""" },
        { "key_hash", """{"key_hash":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","account":true,"amount":1,"reason":"r","""
            + "\"idempotency_key\":\"k\"}" },
        { "account", """{"account":false,"amount":1,"reason":"r","idempotency_key":"k"}""" },
        { "ammount", """{"account":true,"ammount":1,"reason":"r","idempotency_key":"k"}""" },
        { "amount", """{"account":true,"amount":1,"amount":2,"reason":"r","idempotency_key":"k"}""" },
        { "region", """{"account":true,"amount":1,"reason":"r","idempotency_key":"k","region":""}""" },
        { "body", "[]" },
        { "body", "{" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Body_that_is_wrong_is_400_that_names_the_field(string field, string body)
    {
        await using var environment = await StartAsync();

        var answer = await AdjustAsync(environment, body);

        Assert.Equal(400, answer.Status);
        Assert.StartsWith(field + ":", answer.Json["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(0, await CreditsUsedAsync(environment));
    }

    [Fact]
    public async Task Unknown_key_is_404_and_an_inference_key_may_not_adjust()
    {
        await using var environment = await StartAsync();

        Assert.Equal(404, (await AdjustAsync(environment, """{"key_hash":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"""
            + "\",\"amount\":1,\"reason\":\"r\",\"idempotency_key\":\"k\"}")).Status);
        using var response = await environment.Router.Client.PostAsync(Path, JsonContent.Create(new { amount = 1 }));
        Assert.Equal(403, (int)response.StatusCode);
    }

    private static Task<TestEnvironment> StartAsync(params (string, string)[] settings) => TestEnvironment.StartAsync(BudgetedRouter.Says(1000),
        [BudgetedRouter.Limit(1), ("Budgets:Account:Limit", "2"), .. settings]);

    private static string KeyHash() =>
        Gateway.Authentication.KeyRing.CallerOf(RouterUnderTest.InferenceKey, Core.Governance.KeyKind.Inference).KeyHash;

    private static string Body(decimal amount, string key = "adjustment-1") => string.Create(CultureInfo.InvariantCulture,
        $"{{\"key_hash\":\"{KeyHash()}\",\"amount\":{amount},\"reason\":\"Test of adjustments\",\"idempotency_key\":\"{key}\"}}");

    private static async Task<(int Status, JsonNode Json)> AdjustAsync(TestEnvironment environment, string body)
    {
        using var response = await environment.Router.Management.PostAsync(Path, new StringContent(body, null, "application/json"));
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    private static async Task<List<AuditEvent>> EventsAsync(TestEnvironment environment)
    {
        var audit = environment.Router.Services.GetRequiredService<AuditLog>();
        var entries = new List<AuditEvent>();
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        foreach (var day in (DateOnly[])[today.AddDays(-1), today])
            await foreach (var read in audit.ReadDayAsync(day))
                if (read.Action == "credits.adjusted") entries.Add(read);
        return entries;
    }

    private static async Task<decimal> CreditsUsedAsync(TestEnvironment environment) =>
        JsonNode.Parse(await environment.Router.Management.GetStringAsync("/api/v1/credits"))!["data"]!["total_usage"]!.GetValue<decimal>();
}
