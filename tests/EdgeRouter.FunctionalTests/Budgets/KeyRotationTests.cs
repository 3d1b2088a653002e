using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.FunctionalTests.Budgets;

/// <summary>A key is replaced without an outage, and its budget, its totals and its records go with it.</summary>
public sealed class KeyRotationTests : IDisposable
{
    private const string Old = "sk-old-inference-0123456789";
    private const string New = "sk-new-inference-0123456789";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Both_keys_are_good_during_the_change_over_and_share_everything_after_which_the_old_one_is_not()
    {
        string first;
        await using (var router = await StartAsync(("Keys:Inference", Old))) first = await ChatAsync(router, Old);

        string second;
        await using (var router = await StartAsync(("Keys:Inference", Old), ("Keys:InferenceNext", New)))
        {
            second = await ChatAsync(router, New);
            foreach (var key in (string[])[Old, New])
            {
                Assert.Equal(HttpStatusCode.OK, await StatusAsync(router, key, first));
                Assert.Equal(HttpStatusCode.OK, await StatusAsync(router, key, second));
            }
            var (old, replacing) = (await KeyAsync(router, Old), await KeyAsync(router, New));
            Assert.Equal(old["usage"]!.ToJsonString(), replacing["usage"]!.ToJsonString());
            Assert.Equal(old["limit_remaining"]!.ToJsonString(), replacing["limit_remaining"]!.ToJsonString());
        }

        await using (var router = await StartAsync(("Keys:Inference", New)))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(router, Old, first));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(router, New, first));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(router, New, second));
            var usage = (await KeyAsync(router, New))["usage"]!.GetValue<decimal>();
            Assert.Equal(await CostAsync(router, first) + await CostAsync(router, second), usage);
            Assert.True(usage > 0);
        }
    }

    private Task<RouterUnderTest> StartAsync(params (string Path, string Value)[] keys) => RouterUnderTest.StartAsync(null,
        [("Storage", "file:" + Path.Combine(folder.Path, "store")), ("Budgets:Inference:Limit", "5"), .. keys]);

    private static async Task<string> ChatAsync(RouterUnderTest router, string key)
    {
        using var client = router.ClientOf(key);
        using var answer = await client.PostAsync(TestEnvironment.ChatPath,
            new StringContent("{\"model\":\"scripted/echo\"," + TestEnvironment.Messages + "}", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await answer.Content.ReadAsStringAsync();
        return answer.Headers.GetValues("X-Generation-Id").Single();
    }

    private static async Task<HttpStatusCode> StatusAsync(RouterUnderTest router, string key, string generation)
    {
        using var client = router.ClientOf(key);
        using var answer = await client.GetAsync($"/api/v1/generation?id={generation}");
        return answer.StatusCode;
    }

    private static async Task<decimal> CostAsync(RouterUnderTest router, string generation) =>
        JsonNode.Parse(await router.Management.GetStringAsync($"/api/v1/generation?id={generation}"))!["data"]!["usage"]!.GetValue<decimal>();

    private static async Task<JsonNode> KeyAsync(RouterUnderTest router, string key)
    {
        using var client = router.ClientOf(key);
        return JsonNode.Parse(await client.GetStringAsync("/api/v1/key"))!["data"]!;
    }
}
