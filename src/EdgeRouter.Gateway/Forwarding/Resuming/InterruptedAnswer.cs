using EdgeRouter.Gateway.Metering;

namespace EdgeRouter.Gateway.Forwarding.Resuming;

/// <summary>The part of an answer whose provider died, and what it cost.</summary>
/// <param name="Entry">The attempt.</param>
/// <param name="Settled">Its usage and cost.</param>
public sealed record InterruptedAnswer(AttemptEntry Entry, SettledUsage Settled);
