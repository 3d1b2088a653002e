namespace EdgeRouter.Core.Health;

/// <summary>
/// What the other instances know of an endpoint, summed at one moment. Immutable; rows are laid out as <see cref="HealthCells"/> says, empty where
/// nothing is known.
/// </summary>
internal sealed class SharedCounts(long appliedAt, int[] fiveMinutes, int[] thirtyMinutes, int[] oneDay)
{
    /// <summary>Exchanges older than this are not believed: an instance that has lost the store decides by itself.</summary>
    private static readonly long Believed = TimeSpan.FromMinutes(5).Ticks;

    public ReadOnlySpan<int> Row(HealthWindow window, long now)
    {
        if (now - appliedAt > Believed) return [];
        return window switch
        {
            HealthWindow.FiveMinutes => fiveMinutes,
            HealthWindow.ThirtyMinutes => thirtyMinutes,
            _ => oneDay,
        };
    }

    /// <summary>The freshest row with samples: the estimate that an instance shrinks its own to.</summary>
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
