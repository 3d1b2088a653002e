using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;
using EdgeRouter.Dialects.Answers;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>Usage of an answer with its price, and where the numbers come from. Made by Metering.</summary>
/// <param name="Report">The usage and cost that the caller receives.</param>
/// <param name="Source">How the token counts were obtained.</param>
/// <param name="CacheDiscount">Savings by caching.</param>
public sealed record PricedAnswer(UsageReport Report, UsageSource Source, NanoDollars CacheDiscount)
{
    // In a box, since few answers have it and every one would hold its room.
    private readonly object? reported;

    /// <summary>What the provider reported, when that cannot be true and was cut; null: it can.</summary>
    public TokenUsage? Reported { get => (TokenUsage?)reported; init => reported = value; }
}
