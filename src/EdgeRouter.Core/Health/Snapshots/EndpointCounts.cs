namespace EdgeRouter.Core.Health.Snapshots;

/// <summary>What one instance counted at one endpoint. Immutable: the rows are never written to; their layout is in <see cref="HealthCells"/>.</summary>
/// <param name="FiveMinutes">Counts of 5 minutes.</param>
/// <param name="ThirtyMinutes">Counts of 30 minutes.</param>
/// <param name="OneDay">Counts of a day.</param>
/// <param name="Limits">What holds the instance back.</param>
internal sealed record EndpointCounts(int[] FiveMinutes, int[] ThirtyMinutes, int[] OneDay, SharedLimits Limits);

/// <summary>What keeps an endpoint from being called.</summary>
/// <param name="OpenUntil">The breaker is open until then, in ticks of UTC; 0: it is not.</param>
/// <param name="NotBefore">The provider asked to wait until then, in ticks of UTC; 0: it did not.</param>
/// <param name="Cap">Attempts per second and instance that the provider accepts; 0: no cap learned.</param>
internal readonly record struct SharedLimits(long OpenUntil, long NotBefore, double Cap);
