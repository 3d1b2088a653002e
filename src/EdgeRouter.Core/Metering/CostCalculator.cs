using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Core.Metering;

/// <summary>
/// Tokens times prices. Exact decimal arithmetic, rounded once per part. Prices are not negative (the catalog refuses such rows). Token counts come
/// from providers and are not trusted: negative ones count as 0, and a part saturates at about 4.6 billion dollars rather than overflow. Stateless,
/// allocates nothing.
/// </summary>
public static class CostCalculator
{
    private static readonly decimal Ceiling = new NanoDollars(long.MaxValue / 2).ToDollars();

    /// <summary>What one answer costs.</summary>
    /// <param name="usage">Its tokens; unknown classes count as 0.</param>
    /// <param name="pricing">Prices of the endpoint that served it. Overrides depend on the sum of all input classes.</param>
    /// <param name="images">Input images, charged per image where the endpoint has such a price.</param>
    public static CostBreakdown Price(in TokenUsage usage, Pricing pricing, int images = 0)
    {
        decimal fresh = Known(usage.Input), read = Known(usage.CacheRead), write5m = Known(usage.CacheWrite5m), write1h = Known(usage.CacheWrite1h);
        decimal audio = Known(usage.InputAudio), image = Known(usage.InputImage), video = Known(usage.InputVideo);
        var prices = new EffectivePrices(pricing, fresh + read + write5m + write1h + audio + image + video);
        var prompt = fresh * prices.Prompt + read * prices.CacheRead + write5m * prices.CacheWrite5m + write1h * prices.CacheWrite1h
            + audio * prices.Audio + image * prices.ImageToken + video * prices.Prompt
            + Known(images) * (pricing.Image ?? 0) + Math.Max(1, Known(usage.SearchUnits)) * (pricing.Request ?? 0)
            + Known(usage.WebSearches) * (pricing.WebSearch ?? 0);
        var completion = Known(usage.Output) * prices.Completion + Known(usage.Reasoning) * prices.Reasoning
            + Known(usage.OutputAudio) * prices.AudioOutput + Known(usage.OutputImage) * prices.ImageOutput;
        var discount = read * (prices.Prompt - prices.CacheRead) + write5m * (prices.Prompt - prices.CacheWrite5m)
            + write1h * (prices.Prompt - prices.CacheWrite1h);
        NanoDollars promptCost = Saturate(prompt), completionCost = Saturate(completion);
        return new CostBreakdown(promptCost + completionCost, promptCost, completionCost, Saturate(discount));
    }

    /// <summary>
    /// The highest possible cost of a request: the most expensive class on either side, under any overrides that may apply. Never below
    /// <see cref="Price"/> of any usage with at most so many tokens and media items.
    /// </summary>
    /// <param name="promptTokens">Most input tokens.</param>
    /// <param name="maxOutputTokens">Most output tokens of one choice, reasoning included.</param>
    /// <param name="choices">Requested choices; each may have its own output.</param>
    /// <param name="media">Images, files, audios and videos in the prompt; with none, input is not charged as audio or image.</param>
    /// <param name="pricing">Prices of the endpoint.</param>
    /// <param name="webSearches">Most web searches that the provider may do.</param>
    /// <param name="searchUnits">Most search units that the provider may bill.</param>
    public static NanoDollars WorstCase(long promptTokens, long maxOutputTokens, int choices, int media, Pricing pricing, int webSearches = 0,
        int searchUnits = 0)
    {
        var input = Max(pricing.Prompt, pricing.InputCacheRead, pricing.InputCacheWrite, pricing.InputCacheWrite1h);
        if (media > 0) input = Max(input, pricing.Audio, pricing.ImageToken);
        var output = Max(Max(pricing.Completion, pricing.InternalReasoning), pricing.AudioOutput, pricing.ImageOutput);
        for (var i = 0; i < pricing.Overrides.Count; i++)
        {
            var over = pricing.Overrides[i];
            if (over.MinPromptTokens >= promptTokens) continue;
            input = Max(input, over.Prompt, over.InputCacheRead, over.InputCacheWrite);
            if (media > 0) input = Max(input, over.Audio);
            output = Max(output, over.Completion);
        }
        var prompt = Known(promptTokens) * input + Known(media) * (pricing.Image ?? 0) + Math.Max(1, searchUnits) * (pricing.Request ?? 0)
            + Known(webSearches) * (pricing.WebSearch ?? 0);
        var completion = Known(maxOutputTokens) * Math.Max(1, choices) * output;
        // Each part is rounded up by itself because Price rounds each by itself.
        return RoundUp(prompt) + RoundUp(completion);
    }

    private static decimal Known(long? count) => Math.Max(0, count ?? 0);

    private static NanoDollars Saturate(decimal dollars) => NanoDollars.FromDollars(Math.Clamp(dollars, -Ceiling, Ceiling));

    private static NanoDollars RoundUp(decimal dollars) => Saturate(decimal.Ceiling(Math.Min(dollars, Ceiling) * 1_000_000_000m) / 1_000_000_000m);

    private static decimal Max(decimal first, decimal? second, decimal? third = null, decimal? fourth = null) =>
        Math.Max(Math.Max(first, second ?? 0), Math.Max(third ?? 0, fourth ?? 0));

    /// <summary>Prices per token in force for a prompt of a given size, with every gap filled.</summary>
    private readonly ref struct EffectivePrices
    {
        public readonly decimal Prompt, CacheRead, CacheWrite5m, CacheWrite1h, Audio, ImageToken, Completion, Reasoning, AudioOutput, ImageOutput;

        public EffectivePrices(Pricing pricing, decimal promptTotal)
        {
            Prompt = pricing.Prompt;
            Completion = pricing.Completion;
            decimal? cacheRead = pricing.InputCacheRead, cacheWrite = pricing.InputCacheWrite, audio = pricing.Audio;
            for (var i = 0; i < pricing.Overrides.Count; i++)
            {
                var over = pricing.Overrides[i];
                if (promptTotal <= over.MinPromptTokens) continue;
                Prompt = over.Prompt ?? Prompt;
                Completion = over.Completion ?? Completion;
                cacheRead = over.InputCacheRead ?? cacheRead;
                cacheWrite = over.InputCacheWrite ?? cacheWrite;
                audio = over.Audio ?? audio;
            }
            CacheRead = cacheRead ?? Prompt;
            CacheWrite5m = cacheWrite ?? Prompt;
            CacheWrite1h = pricing.InputCacheWrite1h ?? CacheWrite5m;
            Audio = audio ?? Prompt;
            ImageToken = pricing.ImageToken ?? Prompt;
            Reasoning = pricing.InternalReasoning ?? Completion;
            AudioOutput = pricing.AudioOutput ?? Completion;
            ImageOutput = pricing.ImageOutput ?? Completion;
        }
    }
}

/// <summary>The cost of one answer.</summary>
/// <param name="Total"><paramref name="Prompt"/> plus <paramref name="Completion"/>, exactly.</param>
/// <param name="Prompt">What was sent in: input tokens, images, the request itself and web searches. Rounded to a whole nano-dollar.</param>
/// <param name="Completion">Output tokens. Rounded to a whole nano-dollar.</param>
/// <param name="CacheDiscount">What cache reads saved (positive) or cache writes cost more (negative) against fresh input; already in
/// <paramref name="Prompt"/>.</param>
public readonly record struct CostBreakdown(NanoDollars Total, NanoDollars Prompt, NanoDollars Completion, NanoDollars CacheDiscount);
