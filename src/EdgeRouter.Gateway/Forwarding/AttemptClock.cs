using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>
/// The life of one attempt: ends it when the caller leaves, the request's time is over, another attempt wins, or the phase at hand takes too long, and knows which it was.
/// </summary>
internal sealed class AttemptClock : IDisposable
{
    private readonly RequestClock request;
    private readonly CancellationToken lostRace;
    private readonly CancellationTokenSource source;
    private readonly CancellationTokenRegistration onRequestEnd;
    private CancellationTokenRegistration onLostRace;
    private FailureClass phase;

    public AttemptClock(RequestClock request, TimeProvider time, CancellationToken lostRace)
    {
        this.request = request;
        this.lostRace = lostRace;
        source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        onRequestEnd = request.Token.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
        onLostRace = lostRace.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
    }

    public CancellationToken Token => source.Token;

    /// <summary>The phase that now begins may take <paramref name="limit"/>; running over it is a failure of class <paramref name="onTimeout"/>.</summary>
    public void Arm(TimeSpan limit, FailureClass onTimeout)
    {
        phase = onTimeout;
        source.CancelAfter(limit);
    }

    /// <summary>The attempt has won: losing the race no longer ends it.</summary>
    public void Win()
    {
        onLostRace.Dispose();
        onLostRace = default;
    }

    /// <summary>What ended the attempt, after <see cref="Token"/> was cancelled.</summary>
    public UpstreamFailure ToFailure()
    {
        if (request.CallerGone) return UpstreamFailure.Observed(FailureClass.CallerGone, "The caller left.");
        if (request.Token.IsCancellationRequested) return UpstreamFailure.Observed(FailureClass.TotalTimeout, "The time for the whole request is over.");
        if (lostRace.IsCancellationRequested) return UpstreamFailure.Observed(FailureClass.Cancelled, "Another attempt won.");
        return UpstreamFailure.Observed(phase, phase switch
        {
            FailureClass.FirstTokenTimeout => "No token arrived in time.",
            FailureClass.IdleTimeout => "The stream fell silent.",
            _ => "The answer did not arrive in time.",
        });
    }

    public void Dispose()
    {
        onLostRace.Dispose();
        onRequestEnd.Dispose();
        source.Dispose();
    }
}

/// <summary>The life of one request: ends when the caller leaves or the time for the whole request is over.</summary>
internal sealed class RequestClock : IDisposable
{
    private readonly CancellationToken callerLeft;
    private readonly CancellationTokenSource source;
    private readonly CancellationTokenRegistration registration;

    public RequestClock(TimeSpan total, TimeProvider time, CancellationToken callerLeft)
    {
        this.callerLeft = callerLeft;
        source = new CancellationTokenSource(total, time);
        registration = callerLeft.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
    }

    public CancellationToken Token => source.Token;

    public bool CallerGone => callerLeft.IsCancellationRequested;

    public void Dispose()
    {
        registration.Dispose();
        source.Dispose();
    }
}
