namespace EdgeRouter.Core.Health;

/// <summary>
/// How many attempts per second an endpoint takes from this instance before it answers 429, learned by additive-increase, multiplicative-decrease:
/// the first 429 sets .8 of the rate at hand, each 10 seconds without one raise it by a twentieth, and it dissolves after 10 minutes. Not
/// thread-safe: its owner locks.
/// </summary>
internal struct RateCap
{
    private const double Cut = 0.8;
    private const double Raise = 1.05;
    private const double Least = 0.1;
    private const int StepsUntilGone = 60;
    private static readonly long Step = TimeSpan.FromSeconds(10).Ticks;
    private double learned;
    private long cutAt;
    private long limitedAt;

    /// <summary>A 429 came while <paramref name="rate"/> attempts per second were being sent.</summary>
    public void Limited(long now, double rate)
    {
        var cap = At(now);
        // The 429s of one burst are one piece of news.
        if (double.IsPositiveInfinity(cap) || now - cutAt >= Step)
        {
            learned = Math.Max(Least, Cut * Math.Min(rate, cap));
            cutAt = now;
        }
        else
        {
            learned = cap;
        }
        limitedAt = now;
    }

    /// <summary>Starts from what the other instances learned, unless this one has learned itself.</summary>
    public void TakeOver(long now, double rate)
    {
        if (rate <= 0 || !double.IsPositiveInfinity(At(now))) return;
        learned = Math.Max(Least, rate);
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
