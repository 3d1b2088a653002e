namespace EdgeRouter.Core.Health;

/// <summary>
/// The other instances' counts of an endpoint, summed at one moment. Immutable; the layout of rows is in <see cref="HealthCells"/>, empty when
/// nothing is known.
/// </summary>
internal sealed class SharedCounts(long appliedAt, int[] fiveMinutes, int[] thirtyMinutes, int[] oneDay)
{
    /// <summary>Older exchanges are ignored: an instance that cannot reach the store decides by itself.</summary>
    private static readonly long MaxAge = TimeSpan.FromMinutes(5).Ticks;

    public ReadOnlySpan<int> Row(HealthWindow window, long now)
    {
        if (now - appliedAt > MaxAge) return [];
        return window switch
        {
            HealthWindow.FiveMinutes => fiveMinutes,
            HealthWindow.ThirtyMinutes => thirtyMinutes,
            _ => oneDay,
        };
    }

    /// <summary>The newest row with samples: the estimate that an instance shrinks its own towards.</summary>
    public ReadOnlySpan<int> Estimate(long now)
    {
        for (var window = HealthWindow.FiveMinutes; window <= HealthWindow.OneDay; window++)
        {
            var row = Row(window, now);
            if (HealthCells.Successes(row) + HealthCells.Failures(row) > 0) return row;
        }
        return [];
    }
}
