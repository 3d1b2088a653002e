using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.FunctionalTests.Metering;

/// <summary>What keys used in sum, and that it outlives the process.</summary>
public sealed class TotalsTests
{
    private const decimal Cost = OpenAIWire.PromptTokens * TestCatalog.PromptPrice + OpenAIWire.CompletionTokens * TestCatalog.CompletionPrice;

    [Fact]
    public async Task Usage_of_a_key_is_the_sum_of_its_requests()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"), ("Credits", "12.5"));
        for (var i = 0; i < 5; i++) await environment.ChatAsync(stream: i % 2 == 0);
        environment["alpha"].Answer = OpenAIWire.Fails(500);
        await environment.ChatAsync(stream: false);

        var key = await GetAsync(environment.Router.Client, "/api/v1/key");
        foreach (var window in (string[])["usage", "usage_daily", "usage_weekly", "usage_monthly"]) Assert.Equal(5 * Cost, key[window]!.GetValue<decimal>());
        Assert.False(key["is_management_key"]!.GetValue<bool>());
        Assert.DoesNotContain(RouterUnderTest.InferenceKey, key.ToJsonString(), StringComparison.Ordinal);

        var management = await GetAsync(environment.Router.Management, "/api/v1/key");
        Assert.Equal(0, management["usage"]!.GetValue<decimal>());
        Assert.True(management["is_management_key"]!.GetValue<bool>());

        var credits = await GetAsync(environment.Router.Management, "/api/v1/credits");
        Assert.Equal(12.5m, credits["total_credits"]!.GetValue<decimal>());
        Assert.Equal(5 * Cost, credits["total_usage"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Requests_at_once_are_all_in_the_sum()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));

        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => environment.ChatAsync(stream: i % 2 == 0)));

        Assert.Equal(64 * Cost, (await GetAsync(environment.Router.Client, "/api/v1/key"))["usage"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Records_and_sums_survive_a_restart()
    {
        using var folder = new TemporaryFolder();
        var storage = ("Storage", "file:" + folder.Path);
        string id;
        await using (var before = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"), storage))
        {
            id = (await before.ChatAsync(stream: true)).GenerationId;
        }
        await using var after = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello again"), storage);

        Assert.Equal(Cost, (await after.RecordAsync(id))["usage"]!.GetValue<decimal>());
        await after.ChatAsync(stream: false);
        Assert.Equal(2 * Cost, (await GetAsync(after.Router.Client, "/api/v1/key"))["usage"]!.GetValue<decimal>());
    }

    private static async Task<JsonNode> GetAsync(HttpClient client, string path) => JsonNode.Parse(await client.GetStringAsync(path))!["data"]!;
}
