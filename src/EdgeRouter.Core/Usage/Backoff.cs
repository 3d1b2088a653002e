namespace EdgeRouter.Core.Usage;

/// <summary>
/// Waits between tries at a store that cannot be used: twice as long each time, from 50 ms to 5 s. One task per process retries, so no jitter is
/// needed.
/// </summary>
internal readonly record struct Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);
    private readonly TimeSpan delay;

    public Backoff() => delay = First;

    private Backoff(TimeSpan delay) => this.delay = delay;

    public TimeSpan Delay => delay;

    public Backoff Next() => new(delay * 2 < MaxWait ? delay * 2 : MaxWait);
}
