namespace EdgeRouter.Core.Health;

/// <summary>
/// Health of the router's credential at a provider, which all its endpoints there share: a refused credential (401, 402) breaks them all. Thread-safe.
/// </summary>
public sealed class CredentialHealth
{
    private readonly Lock gate = new();
    private readonly Breaker breaker;

    internal CredentialHealth(Random jitter) => breaker = new Breaker(jitter);

    /// <summary>How many retries the provider may be sent.</summary>
    public RetryBudget Retries { get; } = new();

    /// <summary>State of the credential's breaker.</summary>
    public BreakerState State
    {
        get
        {
            lock (gate) return breaker.State;
        }
    }

    /// <summary>Until when nothing may be sent, in ticks; 0: it may.</summary>
    internal long BlockedUntil(long now)
    {
        lock (gate) return breaker.State == BreakerState.Open && breaker.OpenUntil > now ? breaker.OpenUntil : 0;
    }

    internal bool TryEnter(long now, bool lastResort, out int stateNumber)
    {
        lock (gate)
        {
            var admitted = lastResort || breaker.Admits(now);
            if (admitted) breaker.Enter(now);
            stateNumber = breaker.StateNumber;
            return admitted;
        }
    }

    internal void Passed(long now, int stateNumber)
    {
        lock (gate) breaker.Passed(now, stateNumber);
    }

    /// <summary>The provider does not know the credential, or its account is empty. No attempt with it can succeed, so one refusal is enough.</summary>
    internal void Refused(long now, int stateNumber)
    {
        lock (gate)
            if (stateNumber == breaker.StateNumber) breaker.Trip(now);
    }

    /// <summary>The operator cleared it: the credential works again.</summary>
    internal void Reset()
    {
        lock (gate) breaker.Reset();
    }

    internal void Released(int stateNumber)
    {
        lock (gate) breaker.Released(stateNumber);
    }
}
