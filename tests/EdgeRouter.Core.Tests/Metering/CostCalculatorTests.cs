using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;
using Xunit;

namespace EdgeRouter.Core.Tests.Metering;

public sealed class CostCalculatorTests
{
    private static readonly Pricing Plain = new() { Prompt = 0.000001m, Completion = 0.000002m };

    private static readonly Pricing Full = new()
    {
        Prompt = 0.000003m,
        Completion = 0.000015m,
        InputCacheRead = 0.0000003m,
        InputCacheWrite = 0.00000375m,
        InputCacheWrite1h = 0.000006m,
        InternalReasoning = 0.00002m,
        Audio = 0.00004m,
        AudioOutput = 0.00008m,
        Image = 0.005m,
        ImageToken = 0.00001m,
        ImageOutput = 0.00003m,
        Request = 0.01m,
        WebSearch = 0.02m,
    };

    private static readonly Pricing Long = Plain with
    {
        InputCacheRead = 0.0000001m,
        Overrides = [new(1000) { Prompt = 0.000002m, InputCacheRead = 0.0000002m }, new(2000) { Prompt = 0.000004m, Completion = 0.000008m }],
    };

    // name, usage, images, pricing, nano-dollars of: prompt, completion, cache discount; the arithmetic is in nano-dollars per token
    public static TheoryData<string, TokenUsage, int, Pricing, long, long, long> Cases => new()
    {
        { "nothing known", default, 0, Plain, 0, 0, 0 },
        { "fresh input and output", new() { Input = 100, Output = 10 }, 0, Plain, 100 * 1000, 10 * 2000, 0 },
        { "classes without a price cost what they would else be part of",
            new() { Input = 1, CacheRead = 2, CacheWrite5m = 3, CacheWrite1h = 4, InputAudio = 5, InputImage = 6, InputVideo = 7, Output = 8, Reasoning = 9,
                OutputAudio = 10, OutputImage = 11 },
            0, Plain, (1 + 2 + 3 + 4 + 5 + 6 + 7) * 1000, (8 + 9 + 10 + 11) * 2000, 0 },
        { "cache reads are cheaper", new() { Input = 10, CacheRead = 100 }, 0, Full, 10 * 3000 + 100 * 300 + 10_000_000, 0, 100 * (3000 - 300) },
        { "cache writes are dearer", new() { CacheWrite5m = 10, CacheWrite1h = 20 }, 0, Full, 10 * 3750 + 20 * 6000 + 10_000_000, 0,
            10 * (3000 - 3750) + 20 * (3000 - 6000) },
        { "an hour of cache costs as five minutes when it has no price", new() { CacheWrite1h = 20 }, 0, Full with { InputCacheWrite1h = null },
            20 * 3750 + 10_000_000, 0, 20 * (3000 - 3750) },
        { "output classes", new() { Output = 1, Reasoning = 2, OutputAudio = 3, OutputImage = 4 }, 0, Full, 10_000_000,
            1 * 15_000 + 2 * 20_000 + 3 * 80_000 + 4 * 30_000, 0 },
        { "input media", new() { InputAudio = 2, InputImage = 3, InputVideo = 4 }, 0, Full, 2 * 40_000 + 3 * 10_000 + 4 * 3000 + 10_000_000, 0, 0 },
        { "search units, each as a request", new() { SearchUnits = 3 }, 0, Full, 3 * 10_000_000, 0, 0 },
        { "images apiece, the request and searches", new() { WebSearches = 3 }, 2, Full, 2 * 5_000_000 + 10_000_000 + 3 * 20_000_000, 0, 0 },
        { "at the threshold the base price holds", new() { Input = 1000, Output = 1 }, 0, Long, 1000 * 1000, 2000, 0 },
        { "above the first threshold its prices hold and others are inherited", new() { Input = 901, CacheRead = 100, Output = 1 }, 0, Long,
            901 * 2000 + 100 * 200, 2000, 100 * (2000 - 200) },
        { "cached tokens count towards the threshold", new() { Input = 1, CacheRead = 2000, Output = 1 }, 0, Long, 1 * 4000 + 2000 * 200, 8000,
            2000 * (4000 - 200) },
        { "output does not count towards the threshold", new() { Input = 1000, Output = 5000 }, 0, Long, 1000 * 1000, 5000 * 2000, 0 },
        { "half a nano-dollar rounds up", new() { Input = 1, Output = 1 }, 0, new() { Prompt = 0.0000000005m, Completion = 0.0000000004m }, 1, 0, 0 },
        { "a tiny price is not lost in many tokens", new() { Input = 3_000_000 }, 0, new() { Prompt = 0.0000000001m, Completion = 0 }, 300_000, 0, 0 },
        { "negative counts of a provider are nothing", new() { Input = -5, Output = -5, WebSearches = -1 }, -1, Plain, 0, 0, 0 },
        { "an absurd count saturates", new() { Input = long.MaxValue, Output = long.MaxValue }, 0, Plain, long.MaxValue / 2, long.MaxValue / 2, 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Price_is_tokens_times_prices(string name, TokenUsage usage, int images, Pricing pricing, long prompt, long completion, long discount)
    {
        var cost = CostCalculator.Price(usage, pricing, images);
        Assert.True((prompt, completion, discount) == (cost.Prompt.Value, cost.Completion.Value, cost.CacheDiscount.Value), $"{name}: {cost}");
        Assert.Equal(cost.Prompt + cost.Completion, cost.Total);
    }

    [Fact]
    public void Cost_never_falls_when_a_class_grows()
    {
        var random = new Random(1);
        for (var round = 0; round < 2000; round++)
        {
            var pricing = RandomPricing(random);
            var usage = RandomUsage(random, media: true);
            var before = CostCalculator.Price(usage, pricing, 1).Total;
            foreach (var more in Grown(usage, random.Next(1, 3000)))
                Assert.True(CostCalculator.Price(more, pricing, 1).Total >= before, $"{usage} -> {more} under {pricing}");
            Assert.True(CostCalculator.Price(usage, pricing, 2).Total >= before);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void No_answer_costs_more_than_the_worst_case(int media)
    {
        var random = new Random(2);
        for (var round = 0; round < 5000; round++)
        {
            var pricing = RandomPricing(random, monotone: false);
            var usage = RandomUsage(random, media > 0);
            var choices = random.Next(1, 4);
            var slack = random.Next(2) * random.Next(1500);
            var worst = CostCalculator.WorstCase(
                usage.PromptTotal + slack, (usage.CompletionTotal + choices - 1) / choices, choices, media, pricing, usage.WebSearches ?? 0);
            Assert.True(CostCalculator.Price(usage, pricing, media).Total <= worst, $"{usage} under {pricing}");
        }
    }

    [Fact]
    public void The_worst_case_of_a_plain_price_is_exact() =>
        Assert.Equal(new NanoDollars(100 * 1000 + 2 * 50 * 2000),
            CostCalculator.WorstCase(promptTokens: 100, maxOutputTokens: 50, choices: 2, media: 0, Plain));

    [Fact]
    public void A_text_request_is_not_held_at_the_price_of_audio_input() =>
        Assert.Equal(new NanoDollars(10_000_000 + 100 * 6000), CostCalculator.WorstCase(promptTokens: 100, maxOutputTokens: 0, choices: 1, media: 0, Full));

    private static IEnumerable<TokenUsage> Grown(TokenUsage usage, long by)
    {
        yield return usage with { Input = (usage.Input ?? 0) + by };
        yield return usage with { CacheRead = (usage.CacheRead ?? 0) + by };
        yield return usage with { CacheWrite5m = (usage.CacheWrite5m ?? 0) + by };
        yield return usage with { CacheWrite1h = (usage.CacheWrite1h ?? 0) + by };
        yield return usage with { InputAudio = (usage.InputAudio ?? 0) + by };
        yield return usage with { InputImage = (usage.InputImage ?? 0) + by };
        yield return usage with { InputVideo = (usage.InputVideo ?? 0) + by };
        yield return usage with { Output = (usage.Output ?? 0) + by };
        yield return usage with { Reasoning = (usage.Reasoning ?? 0) + by };
        yield return usage with { OutputAudio = (usage.OutputAudio ?? 0) + by };
        yield return usage with { OutputImage = (usage.OutputImage ?? 0) + by };
        yield return usage with { WebSearches = (usage.WebSearches ?? 0) + 1 };
    }

    private static TokenUsage RandomUsage(Random random, bool media)
    {
        long? Tokens() => random.Next(3) == 0 ? null : random.Next(1200);
        return new()
        {
            Input = Tokens(),
            CacheRead = Tokens(),
            CacheWrite5m = Tokens(),
            CacheWrite1h = Tokens(),
            InputAudio = media ? Tokens() : null,
            InputImage = media ? Tokens() : null,
            InputVideo = media ? Tokens() : null,
            Output = Tokens(),
            Reasoning = Tokens(),
            OutputAudio = Tokens(),
            OutputImage = Tokens(),
            WebSearches = random.Next(3) == 0 ? null : random.Next(4),
        };
    }

    /// <summary>Monotone: prices for long prompts are not lower than the others, as is the case of every provider; otherwise anything.</summary>
    private static Pricing RandomPricing(Random random, bool monotone = true)
    {
        decimal Price(int from = 0) => random.Next(from, from + 1_000_000) / 1_000_000_000_000m;
        decimal? Maybe(int from = 0) => random.Next(2) == 0 ? null : Price(from);
        PricingOverride Override(int level) => new(random.Next(1000) + 2000 * level)
        {
            Prompt = monotone ? Price(level * 1_000_000) : Maybe(),
            Completion = monotone ? Price(level * 1_000_000) : Maybe(),
            InputCacheRead = monotone ? Price(level * 1_000_000) : Maybe(),
            InputCacheWrite = monotone ? Price(level * 1_000_000) : Maybe(),
            Audio = monotone ? Price(level * 1_000_000) : Maybe(),
        };
        return new()
        {
            Prompt = Price(),
            Completion = Price(),
            InputCacheRead = Maybe(),
            InputCacheWrite = Maybe(),
            InputCacheWrite1h = Maybe(),
            InternalReasoning = Maybe(),
            Audio = Maybe(),
            AudioOutput = Maybe(),
            Image = Maybe(),
            ImageToken = Maybe(),
            ImageOutput = Maybe(),
            Request = Maybe(),
            WebSearch = Maybe(),
            Overrides = [.. Enumerable.Range(1, random.Next(3)).Select(Override)],
        };
    }
}
