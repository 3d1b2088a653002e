using EdgeRouter.Core.Health;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>
/// The time limits of one attempt: ends it when the caller disconnects, the request's time is over, another attempt wins, or the current phase takes
/// too long, and knows which it was.
/// </summary>
internal sealed class AttemptClock : IDisposable
{
    private readonly RequestClock request;
    private CancellationToken lostRace;
    private readonly CancellationTokenSource source;
    private readonly CancellationTokenRegistration onCallerGone;
    private CancellationTokenRegistration onLostRace;
    private FailureClass phase;

    public AttemptClock(RequestClock request, TimeProvider time, CancellationToken lostRace)
    {
        this.request = request;
        this.lostRace = lostRace;
        phase = FailureClass.TotalTimeout;
        source = new CancellationTokenSource(request.Left, time);
        onCallerGone = request.CallerGoneToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
        onLostRace = lostRace.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
    }

    public CancellationToken Token => source.Token;

    /// <summary>What is left of the time for the whole request.</summary>
    public TimeSpan Left => request.Left;

    /// <summary>The phase that starts now may take <paramref name="limit"/>; exceeding it is a failure of class <paramref name="onTimeout"/>.</summary>
    public void Arm(TimeSpan limit, FailureClass onTimeout)
    {
        var left = request.Left;
        (limit, phase) = left <= limit ? (left, FailureClass.TotalTimeout) : (limit, onTimeout);
        source.CancelAfter(limit);
    }

    /// <summary>
    /// The attempt has won: losing the race no longer ends it. The race's token is ignored from here on, since the races of other requests reuse it.
    /// </summary>
    public void Win()
    {
        lostRace = default;
        onLostRace.Dispose();
        onLostRace = default;
    }

    /// <summary>What ended the attempt, after <see cref="Token"/> was cancelled.</summary>
    public UpstreamFailure ToFailure()
    {
        if (request.CallerGone) return UpstreamFailure.Observed(FailureClass.CallerGone, "the caller disconnected");
        if (lostRace.IsCancellationRequested) return UpstreamFailure.Observed(FailureClass.Cancelled, "another attempt won");
        return UpstreamFailure.Observed(phase, phase switch
        {
            FailureClass.TotalTimeout => "the time for the whole request is over",
            FailureClass.FirstTokenTimeout => "no first token in time",
            FailureClass.IdleTimeout => "no data from the stream in time",
            _ => "no complete answer in time",
        });
    }

    public void Dispose()
    {
        onLostRace.Dispose();
        onCallerGone.Dispose();
        source.Dispose();
    }
}

/// <summary>
/// The time limit of one request: ends when the caller disconnects or the time for the whole request is over. The clock of the current attempt
/// watches it, so it needs no timer of its own.
/// </summary>
/// <param name="started">Timestamp of the request's arrival.</param>
/// <param name="total">Longest duration of a request.</param>
/// <param name="time">Clock.</param>
/// <param name="callerGone">Cancelled when the caller disconnects.</param>
internal sealed class RequestClock(long started, TimeSpan total, TimeProvider time, CancellationToken callerGone)
{
    public CancellationToken CallerGoneToken => callerGone;

    public bool CallerGone => callerGone.IsCancellationRequested;

    /// <summary>What is left of the time for the whole request; never negative.</summary>
    public TimeSpan Left
    {
        get
        {
            var left = total - time.GetElapsedTime(started);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
