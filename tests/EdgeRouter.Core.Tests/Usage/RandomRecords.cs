using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Tests.Usage;

/// <summary>Generation records for tests: plain ones, and ones with every field drawn.</summary>
internal static class RandomRecords
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    public static GenerationRecord Plain(Random random, string key = "key1", DateTimeOffset? at = null, long cost = 1000,
        string? endpoint = "acme/one@alpha") => new()
        {
            Id = GenerationId.Create(at ?? Now, random),
            CreatedAt = at ?? Now,
            Region = "local",
            KeyHash = key,
            ApiType = "chat",
            RequestedModel = "acme/one",
            Model = "acme/one",
            EndpointId = endpoint,
            ProviderName = "Alpha",
            Status = 200,
            Usage = new TokenUsage { Input = 10, Output = 5, Reasoning = 2 },
            Cost = new NanoDollars(cost),
        };

    /// <summary>Records of three keys; each costs its number.</summary>
    public static GenerationRecord[] Many(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(number => Plain(random, cost: number, key: $"key{number % 3}"))];

    public static GenerationRecord Any(Random random)
    {
        string? Text() => random.Next(3) == 0 ? null : new string([.. Enumerable.Range(0, random.Next(30)).Select(_ => (char)random.Next(0xD7FF))]);
        long? Tokens() => random.Next(3) == 0 ? null : random.NextInt64(1_000_000_000_000);
        double? Milliseconds() => random.Next(3) == 0 ? null : random.NextDouble() * 1000;
        NanoDollars Money() => new(random.NextInt64(1_000_000_000_000));
        AttemptRecord Attempt() => new(Text() ?? "", Text() ?? "", Text() ?? "", random.Next(2) == 0 ? null : 429, Text() ?? "", random.NextDouble(), Money());
        return new()
        {
            Id = GenerationId.Create(Now, random),
            CreatedAt = Now.AddTicks(random.NextInt64(1_000_000_000)).ToOffset(TimeSpan.FromHours(random.Next(-5, 5))),
            Region = Text() ?? "",
            KeyHash = $"key{random.Next(5)}",
            ApiType = Text() ?? "",
            RequestedModel = Text() ?? "",
            Model = Text(),
            ProviderSlug = Text(),
            ProviderName = Text(),
            EndpointId = Text(),
            UpstreamId = Text(),
            Streamed = random.Next(2) == 0,
            Cancelled = random.Next(2) == 0,
            Status = random.Next(600),
            ErrorType = Text(),
            FinishReason = Text(),
            NativeFinishReason = Text(),
            LatencyMs = Milliseconds(),
            GenerationTimeMs = Milliseconds(),
            OverheadMicroseconds = Milliseconds(),
            Usage = new TokenUsage
            {
                Input = Tokens(),
                CacheRead = Tokens(),
                CacheWrite5m = Tokens(),
                CacheWrite1h = Tokens(),
                InputAudio = Tokens(),
                InputImage = Tokens(),
                InputVideo = Tokens(),
                Output = Tokens(),
                Reasoning = Tokens(),
                OutputAudio = Tokens(),
                OutputImage = Tokens(),
                AcceptedPrediction = Tokens(),
                RejectedPrediction = Tokens(),
                WebSearches = random.Next(2) == 0 ? null : random.Next(10),
                SearchUnits = random.Next(2) == 0 ? null : random.Next(10),
            },
            UsageSource = (UsageSource)random.Next(3),
            ReportedUsage = random.Next(2) == 0 ? null : new TokenUsage { Input = -5, Output = TokenUsage.MaxReported, WebSearches = int.MinValue },
            Cost = Money(),
            PromptCost = Money(),
            CompletionCost = Money(),
            CacheDiscount = new NanoDollars(random.NextInt64(-1_000_000, 1_000_000)),
            PromptMedia = random.Next(2) == 0 ? null : random.Next(10),
            ServiceTier = Text(),
            ExternalUser = Text(),
            SessionId = Text(),
            HttpReferer = Text(),
            AppTitle = Text(),
            UserAgent = Text(),
            Attempts = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Attempt())],
        };
    }
}
