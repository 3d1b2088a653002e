using System.Text.Json;
using EdgeRouter.CatalogImport.Json;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.CatalogImport.ModelsDev;

/// <summary>models.dev's <c>cost</c>, in USD per million tokens, as exact prices per token.</summary>
internal static class ModelsDevPricing
{
    private const decimal Million = 1_000_000m;

    /// <summary>
    /// Anthropic charges twice the input price for an hour in the cache (openrouter.ai, prompt caching); models.dev has the 5-minute price only.
    /// </summary>
    private const decimal AnthropicOneHourFactor = 2m;

    /// <summary>Null: no price for input or output.</summary>
    public static Pricing? Read(JsonElement cost, bool anthropicCaching)
    {
        if (Price(cost, "input") is not { } input || Price(cost, "output") is not { } output) return null;
        var write = Price(cost, "cache_write") ?? Price(cost, "cached_write");
        return new Pricing
        {
            Prompt = input,
            Completion = output,
            InputCacheRead = Price(cost, "cache_read") ?? Price(cost, "cached_input") ?? Price(cost, "cache_input"),
            InputCacheWrite = write,
            InputCacheWrite1h = anthropicCaching && write is not null ? input * AnthropicOneHourFactor : null,
            InternalReasoning = Price(cost, "reasoning"),
            Audio = Price(cost, "input_audio"),
            AudioOutput = Price(cost, "output_audio"),
            Overrides = [.. cost.Items("tiers").Where(tier => tier.Member("tier").Positive("size") is not null).Select(ReadTier)
                .DistinctBy(tier => tier.MinPromptTokens).OrderBy(tier => tier.MinPromptTokens)],
        };
    }

    private static PricingOverride ReadTier(JsonElement tier) => new((int)tier.Member("tier").Positive("size")!.Value)
    {
        Prompt = Price(tier, "input"),
        Completion = Price(tier, "output"),
        InputCacheRead = Price(tier, "cache_read"),
        InputCacheWrite = Price(tier, "cache_write"),
        Audio = Price(tier, "input_audio"),
    };

    private static decimal? Price(JsonElement cost, string name) => cost.Decimal(name) is >= 0 and var perMillion ? perMillion / Million : null;
}
