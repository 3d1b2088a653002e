namespace EdgeRouter.Core.Health;

/// <summary>
/// Time for statistics: ticks of UTC that never run backwards, since they advance with the monotonic clock. Thread-safe.
/// </summary>
public sealed class HealthClock(TimeProvider time)
{
    private readonly long origin = time.GetUtcNow().UtcTicks;
    private readonly long started = time.GetTimestamp();

    /// <summary>Now, in ticks since year 1, UTC.</summary>
    public long Now => origin + time.GetElapsedTime(started).Ticks;
}
