using EdgeRouter.Core.Metering;
using EdgeRouter.Dialects;

namespace EdgeRouter.Gateway.Metering;

/// <summary>Usage of the served answer with its price and where the numbers come from.</summary>
/// <param name="Report">As told to the caller.</param>
/// <param name="Source">How the tokens came about.</param>
/// <param name="CacheDiscount">What caching saved.</param>
public sealed record SettledUsage(UsageReport Report, UsageSource Source, NanoDollars CacheDiscount);
