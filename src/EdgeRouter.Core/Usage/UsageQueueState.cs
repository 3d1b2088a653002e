namespace EdgeRouter.Core.Usage;

/// <summary>Whether a usage queue takes records.</summary>
/// <param name="Fault">Why records cannot be made durable now; null: they can, judging by the last try.</param>
/// <param name="IsFull">Whether a further record would have to wait for room.</param>
public readonly record struct UsageQueueState(Exception? Fault, bool IsFull);
