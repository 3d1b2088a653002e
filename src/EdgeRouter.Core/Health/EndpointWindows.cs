namespace EdgeRouter.Core.Health;

/// <summary>
/// The three windows of one endpoint: 5 minutes by 30 s, 30 minutes by 3 min, 1 day by 2 h. About 18 KB, and 53 KB when output in another unit than tokens
/// is counted. Not thread-safe: its owner locks.
/// </summary>
internal sealed class EndpointWindows
{
    private readonly RollingWindow fiveMinutes = new(TimeSpan.FromSeconds(30), 10);
    private readonly RollingWindow thirtyMinutes = new(TimeSpan.FromMinutes(3), 10);
    private readonly RollingWindow oneDay = new(TimeSpan.FromHours(2), 12);

    public void Add(long now, int cell)
    {
        fiveMinutes.Add(now, cell);
        thirtyMinutes.Add(now, cell);
        oneDay.Add(now, cell);
    }

    public ReadOnlySpan<int> Sums(HealthWindow window, long now) => Of(window).Sums(now);

    /// <summary>A count over the last 2 to 4 hours.</summary>
    public int OfHours(long now, int cell) => oneDay.Newest(now, cell, 2);

    private RollingWindow Of(HealthWindow window) => window switch
    {
        HealthWindow.FiveMinutes => fiveMinutes,
        HealthWindow.ThirtyMinutes => thirtyMinutes,
        _ => oneDay,
    };
}
