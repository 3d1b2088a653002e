namespace EdgeRouter.Core.Budgets;

/// <summary>The share of what is left of a budget that this instance may reserve in advance. Thread-safe.</summary>
internal sealed class LeaseShare(double share)
{
    private volatile bool ends;

    /// <summary>Now, 0 to 1.</summary>
    public double Now => ends ? 0 : share;

    /// <summary>The instance ends: it reserves nothing in advance any more.</summary>
    public void End() => ends = true;
}
