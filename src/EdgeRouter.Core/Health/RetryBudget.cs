namespace EdgeRouter.Core.Health;

/// <summary>
/// Lets retries that fail at an upstream be at most a tenth of what succeeds there, plus a reserve, so that an outage cannot double the traffic. A
/// retry that is answered costs nothing: where one endpoint fails and its neighbour is well, every request may go over. Thread-safe.
/// </summary>
public sealed class RetryBudget
{
    private const int TokensPerRetry = 10;
    private const int Reserve = 10 * TokensPerRetry;
    private const int Most = 100 * TokensPerRetry;
    private int tokens = Reserve;

    /// <summary>Retries that may be made now.</summary>
    public int Available => Volatile.Read(ref tokens) / TokensPerRetry;

    /// <summary>Takes one retry; false: the budget is spent, do not retry there.</summary>
    public bool TrySpend()
    {
        while (true)
        {
            var had = Volatile.Read(ref tokens);
            if (had < TokensPerRetry) return false;
            if (Interlocked.CompareExchange(ref tokens, had - TokensPerRetry, had) == had) return true;
        }
    }

    /// <summary>Gives a retry back: it was answered, or nobody learned how it would have ended.</summary>
    public void Refund() => Earn(TokensPerRetry);

    /// <summary>A success earns a tenth of a retry.</summary>
    internal void Earn() => Earn(1);

    private void Earn(int earned)
    {
        while (true)
        {
            var had = Volatile.Read(ref tokens);
            if (had >= Most || Interlocked.CompareExchange(ref tokens, Math.Min(had + earned, Most), had) == had) return;
        }
    }
}
