using EdgeRouter.Core.Health;

namespace EdgeRouter.Upstreams.Http;

/// <summary>One time limit over several waits of one exchange, each with its caller's token, with a single token source. Not thread-safe.</summary>
internal sealed class RequestDeadline : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly ITimer timer;
    private volatile bool expired;

    public RequestDeadline(TimeSpan limit, TimeProvider timeProvider) =>
        timer = timeProvider.CreateTimer(static state => ((RequestDeadline)state!).Expire(), this, limit, Timeout.InfiniteTimeSpan);

    /// <summary>Cancelled when the time is over, or with the token that is being followed.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Ties <see cref="Token"/> to a caller's token until the result is disposed. A cancellation is final.</summary>
    public CancellationTokenRegistration Follow(CancellationToken caller) =>
        caller.UnsafeRegister(static state => ((RequestDeadline)state!).Cancel(), this);

    /// <summary>The class to report if the time is over; null if it is not.</summary>
    public FailureClass? Expired(FailureClass failureClass) => expired ? failureClass : null;

    public void Dispose()
    {
        timer.Dispose();
        source.Dispose();
    }

    private void Expire()
    {
        expired = true;
        Cancel();
    }

    private void Cancel()
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The exchange ended at this moment: there is nothing left to cancel.
        }
    }
}
