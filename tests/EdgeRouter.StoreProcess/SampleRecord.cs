using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.StoreProcess;

/// <summary>A record as a chat of one attempt leaves it.</summary>
internal static class SampleRecord
{
    public static GenerationRecord Create(Random random, DateTimeOffset? at = null)
    {
        var now = at ?? TimeProvider.System.GetUtcNow();
        return new GenerationRecord
        {
            Id = GenerationId.Create(now, random),
            CreatedAt = now,
            Region = "westeurope",
            KeyHash = "key" + random.Next(3),
            ApiType = "chat",
            RequestedModel = "acme/one",
            Model = "acme/one",
            ProviderSlug = "alpha",
            ProviderName = "Alpha",
            EndpointId = "acme/one@alpha",
            UpstreamId = "chatcmpl-0123456789abcdef",
            Streamed = true,
            Status = 200,
            FinishReason = "stop",
            NativeFinishReason = "stop",
            LatencyMs = 420.5,
            GenerationTimeMs = 1830.25,
            OverheadMicroseconds = 310,
            Usage = new TokenUsage { Input = random.Next(5000), Output = random.Next(900) },
            Cost = new NanoDollars(1),
            UserAgent = "openai-python/2.1",
            Attempts = [new AttemptRecord("acme/one@alpha", "Alpha", "acme/one", 200, "success", 1830.25, new NanoDollars(1))],
        };
    }
}
