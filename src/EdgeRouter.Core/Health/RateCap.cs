namespace EdgeRouter.Core.Health;

/// <summary>
/// How many attempts per second an endpoint accepts from this instance before it answers 429, learned from the 429s: the first sets it to 0.8 of the
/// current rate, every 10 seconds without a 429 raise it by 5 %, and it is removed after 10 minutes. Not thread-safe: its owner locks.
/// </summary>
internal struct RateCap
{
    private const double Cut = 0.8;
    private const double Raise = 1.05;
    private const double MinRate = 0.1;
    private const int StepsUntilGone = 60;
    private static readonly long Step = TimeSpan.FromSeconds(10).Ticks;
    private double learned;
    private long cutAt;
    private long limitedAt;

    /// <summary>A 429 came while <paramref name="rate"/> attempts per second were being sent.</summary>
    public void Limited(long now, double rate)
    {
        var cap = At(now);
        // The 429s of one burst count once.
        if (double.IsPositiveInfinity(cap) || now - cutAt >= Step)
        {
            learned = Math.Max(MinRate, Cut * Math.Min(rate, cap));
            cutAt = now;
        }
        else
        {
            learned = cap;
        }
        limitedAt = now;
    }

    /// <summary>Takes over what the other instances learned, unless this one has a cap of its own.</summary>
    public void TakeOver(long now, double rate)
    {
        if (rate <= 0 || !double.IsPositiveInfinity(At(now))) return;
        learned = Math.Max(MinRate, rate);
        cutAt = limitedAt = now;
    }

    /// <summary>Attempts per second; infinity: none learned.</summary>
    public readonly double At(long now)
    {
        if (learned == 0) return double.PositiveInfinity;
        var steps = Math.Max(0, now - limitedAt) / Step;
        return steps >= StepsUntilGone ? double.PositiveInfinity : learned * Math.Pow(Raise, steps);
    }
}
