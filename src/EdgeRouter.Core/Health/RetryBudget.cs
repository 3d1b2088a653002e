namespace EdgeRouter.Core.Health;

/// <summary>
/// Caps failed retries per provider at 10 % of its successes, plus a burst of 10, so that an outage cannot double the traffic. A retry that succeeds
/// costs nothing: when one endpoint fails and another works, every request may be retried there. Thread-safe.
/// </summary>
public sealed class RetryBudget
{
    private const int TokensPerRetry = 10;
    private const int Reserve = 10 * TokensPerRetry;
    private const int MaxTokens = 100 * TokensPerRetry;
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

    /// <summary>Returns a retry: it succeeded, or its result is unknown.</summary>
    public void Refund() => Earn(TokensPerRetry);

    /// <summary>A success earns a tenth of a retry.</summary>
    internal void Earn() => Earn(1);

    private void Earn(int earned)
    {
        while (true)
        {
            var had = Volatile.Read(ref tokens);
            if (had >= MaxTokens || Interlocked.CompareExchange(ref tokens, Math.Min(had + earned, MaxTokens), had) == had) return;
        }
    }
}
