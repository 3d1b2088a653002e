using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;
using EdgeRouter.Dialects;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>Usage of an answer with its price, and where the numbers come from. Made by Metering.</summary>
/// <param name="Report">As told to the caller.</param>
/// <param name="Source">How the token counts were found.</param>
/// <param name="CacheDiscount">What caching saved.</param>
public sealed record PricedAnswer(UsageReport Report, UsageSource Source, NanoDollars CacheDiscount)
{
    /// <summary>What the provider reported, where that cannot be true and was cut; null: it can.</summary>
    public TokenUsage? Reported { get; init; }
}
