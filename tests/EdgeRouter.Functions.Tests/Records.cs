using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Functions.Tests;

/// <summary>Generation records for tests.</summary>
internal static class Records
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    public static GenerationRecord Plain(Random random, long cost = 1000, string key = "key1") => new()
    {
        Id = GenerationId.Create(Now, random),
        CreatedAt = Now,
        Region = "westeurope",
        KeyHash = key,
        ApiType = "chat",
        RequestedModel = "acme/one",
        Model = "acme/one",
        EndpointId = "acme/one@alpha",
        ProviderName = "Alpha",
        Status = 200,
        Usage = new TokenUsage { Input = 10, Output = 5 },
        Cost = new NanoDollars(cost),
    };

    public static GenerationRecord[] Many(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(number => Plain(random, cost: number, key: $"key{number % 3}"))];
}
