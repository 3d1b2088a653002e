namespace EdgeRouter.Core.Health;

/// <summary>
/// Counts over a rolling time span: a ring of slots, the oldest of which is dropped when a new one begins. Keeps the sums, so that a read is one
/// look-up. Allocates at the start, and once more when output in another unit than tokens is counted. Not thread-safe: its owner locks.
/// </summary>
internal sealed class RollingWindow(TimeSpan slot, int slots)
{
    private int width = HealthCells.NarrowWidth;
    private int[] cells = new int[slots * HealthCells.NarrowWidth];
    private int[] sums = new int[HealthCells.NarrowWidth];
    private long newest;

    /// <summary>Adds one to a cell.</summary>
    public void Add(long now, int cell)
    {
        if (cell >= width) Widen();
        Advance(now);
        cells[(int)(newest % slots) * width + cell]++;
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
        for (var back = 0; back < count; back++) sum += cells[(int)((newest - back) % slots) * width + cell];
        return sum;
    }

    private void Widen()
    {
        var wide = new int[slots * HealthCells.Width];
        for (var i = 0; i < slots; i++) cells.AsSpan(i * width, width).CopyTo(wide.AsSpan(i * HealthCells.Width));
        Array.Resize(ref sums, HealthCells.Width);
        (cells, width) = (wide, HealthCells.Width);
    }

    private void Advance(long now)
    {
        var current = now / slot.Ticks;
        // A thread that read the clock first may arrive second: it counts in the newer slot.
        if (current <= newest) return;
        for (var next = Math.Max(newest + 1, current - slots + 1); next <= current; next++)
        {
            var row = cells.AsSpan((int)(next % slots) * width, width);
            for (var i = 0; i < row.Length; i++) sums[i] -= row[i];
            row.Clear();
        }
        newest = current;
    }
}
