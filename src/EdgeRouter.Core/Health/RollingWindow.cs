namespace EdgeRouter.Core.Health;

/// <summary>
/// Counts over a rolling time span: a ring of slots, the oldest of which is dropped when a new one begins. Keeps the sums, so that a read is one
/// look-up. Allocates at the start only. Not thread-safe: its owner locks.
/// </summary>
internal sealed class RollingWindow(TimeSpan slot, int slots)
{
    private readonly int[] cells = new int[slots * HealthCells.Width];
    private readonly int[] sums = new int[HealthCells.Width];
    private long newest;

    /// <summary>Adds one to a cell.</summary>
    public void Add(long now, int cell)
    {
        Advance(now);
        cells[(int)(newest % slots) * HealthCells.Width + cell]++;
        sums[cell]++;
    }

    /// <summary>The sums over the window. Valid until the next call.</summary>
    public ReadOnlySpan<int> Sums(long now)
    {
        Advance(now);
        return sums;
    }

    /// <summary>The sum of one cell over the newest slots.</summary>
    public int Newest(long now, int cell, int count)
    {
        Advance(now);
        var sum = 0;
        for (var back = 0; back < count; back++) sum += cells[(int)((newest - back) % slots) * HealthCells.Width + cell];
        return sum;
    }

    private void Advance(long now)
    {
        var current = now / slot.Ticks;
        // A thread that read the clock first may arrive second: it counts in the newer slot.
        if (current <= newest) return;
        for (var next = Math.Max(newest + 1, current - slots + 1); next <= current; next++)
        {
            var row = cells.AsSpan((int)(next % slots) * HealthCells.Width, HealthCells.Width);
            for (var i = 0; i < row.Length; i++) sums[i] -= row[i];
            row.Clear();
        }
        newest = current;
    }
}
