using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Storage;
using EdgeRouter.FunctionalTests.Stubs;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.FunctionalTests.Budgets;

/// <summary>What the tests of budgets ask of a router whose inference key has a limit.</summary>
internal static class BudgetedRouter
{
    public const int MaxTokens = 1000;
    public const string Bounded = "\"max_tokens\":1000";

    /// <summary>What one request in <see cref="OpenAIWire.Says"/> costs.</summary>
    public const decimal Cost = OpenAIWire.PromptTokens * TestCatalog.PromptPrice + OpenAIWire.CompletionTokens * TestCatalog.CompletionPrice;

    /// <summary>
    /// What an attempt is charged that may have cost something and of whose usage nothing is known: its prompt as estimated, a token per 4 bytes of text
    /// and 4 per message.
    /// </summary>
    public const decimal Lost = 8 * TestCatalog.PromptPrice;

    /// <summary>
    /// What the router holds for one attempt at <see cref="Bounded"/>: each byte of the body and 2048 tokens besides at the price of input, the
    /// tokens asked for at that of output.
    /// </summary>
    public static decimal HoldOf(TestEnvironment environment, bool stream) =>
        (Encoding.UTF8.GetByteCount(environment.Body(stream, Bounded)) + 2048) * TestCatalog.PromptPrice + MaxTokens * TestCatalog.CompletionPrice;

    public static (string, string) Limit(decimal amount) => ("Budgets:Inference:Limit", amount.ToString(CultureInfo.InvariantCulture));

    /// <summary>Says so many completion tokens, streamed or whole.</summary>
    public static ProviderAnswer Says(int completionTokens, string said = "Hello")
    {
        string Many(string text) => text.Replace("\"completion_tokens\":3", $"\"completion_tokens\":{completionTokens}", StringComparison.Ordinal);
        return ProviderAnswer.ByMode(ProviderAnswer.Stream([.. OpenAIWire.Stream(said).Select(Many)]),
            ProviderAnswer.Body(200, Many(OpenAIWire.Whole(said))));
    }

    public static async Task<JsonNode> KeyAsync(RouterUnderTest router) => JsonNode.Parse(await router.Client.GetStringAsync("/api/v1/key"))!["data"]!;

    /// <summary>Nothing is held any more, and the ledger has what the records have, to the nano-dollar.</summary>
    public static async Task AssertSettledAsync(TestEnvironment environment, decimal cost)
    {
        var key = await KeyAsync(environment.Router);
        Assert.Equal(cost, key["usage"]!.GetValue<decimal>());
        Assert.Equal(key["limit"]!.GetValue<decimal>() - cost, key["limit_remaining"]!.GetValue<decimal>());
        await environment.Router.Services.GetRequiredService<BudgetHolds>().ReleaseAsync();
        var partition = "key:" + environment.Tap.Records[0].KeyHash;
        var row = await environment.Router.Services.GetRequiredService<ITableStore>().GetAsync("budgets", partition, "window:ever");
        Assert.Equal((cost * 1_000_000_000m, 0L), ((decimal)(long)row!.Properties["Spent"], (long)row.Properties["Leased"]));
    }
}
