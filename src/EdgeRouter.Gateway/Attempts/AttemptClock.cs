using EdgeRouter.Core.Health;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>
/// The time limits of one attempt: ends it when no caller waits for the answer any more, the request's time is over, another attempt wins, or the current
/// phase takes too long, and knows which it was. When the provider continues all the same, the answer may be read on for a while
/// (<see cref="ReadingOn"/>).
/// </summary>
internal sealed class AttemptClock : IDisposable
{
    private readonly RequestClock request;
    private readonly string callerId;
    private readonly ReadingOn? readingOn;
    private readonly Attempt? attempt;
    // Also guards the phase: a lock of its own would be an object more for each attempt.
    private readonly CancellationTokenSource source;
    private readonly CancellationTokenRegistration onCallerGone;
    private CancellationTokenRegistration onLostRace;
    private CancellationTokenRegistration onStopping;
    private FailureClass phase;
    private volatile bool lostRace;
    private bool readsOn;
    private long readsOnSince;
    private TimeSpan armed;

    /// <summary>Starts the clock.</summary>
    /// <param name="request">The request's time.</param>
    /// <param name="time">Clock.</param>
    /// <param name="lostRace">Cancelled when another attempt has won.</param>
    /// <param name="readingOn">Permits to read on; null: it is never done.</param>
    /// <param name="attempt">Whose clock it is; null: it is never read on.</param>
    /// <param name="callerId">Id of the caller.</param>
    public AttemptClock(RequestClock request, TimeProvider time, CancellationToken lostRace, ReadingOn? readingOn = null, Attempt? attempt = null,
        string callerId = "")
    {
        this.request = request;
        this.callerId = callerId;
        this.readingOn = readingOn;
        this.attempt = attempt;
        phase = FailureClass.TotalTimeout;
        source = new CancellationTokenSource(request.TimeLeft, time);
        onCallerGone = request.CallerGoneToken.UnsafeRegister(static state => ((AttemptClock)state!).EndUnlessReadOn(), this);
        onLostRace = lostRace.UnsafeRegister(static state => ((AttemptClock)state!).Lose(), this);
    }

    public CancellationToken Token => source.Token;

    /// <summary>What is left of the time for the whole request.</summary>
    public TimeSpan TimeLeft => request.TimeLeft;

    /// <summary>
    /// The phase that starts now may take <paramref name="limit"/>; exceeding it is a failure of class <paramref name="onTimeout"/>. An attempt that has ended
    /// stays in the phase that ended it.
    /// </summary>
    public void Arm(TimeSpan limit, FailureClass onTimeout)
    {
        lock (source)
        {
            armed = limit;
            ArmNeedsLock(limit, onTimeout);
        }
    }

    /// <summary>
    /// It is not the provider that is waited for now: only the request's own time runs. Until the next <see cref="Arm"/> or <see cref="Rearm"/>.
    /// </summary>
    public void Disarm()
    {
        lock (source) ArmNeedsLock(TimeSpan.MaxValue, FailureClass.TotalTimeout);
    }

    /// <summary>The provider is waited for again: for as long as the phase before <see cref="Disarm"/> had, and <paramref name="most"/> at most.</summary>
    public void Rearm(TimeSpan most, FailureClass onTimeout)
    {
        lock (source) ArmNeedsLock(armed < most ? armed : most, onTimeout);
    }

    /// <summary>The caller no longer waits for the answer. True: it may be read on, within the bounds of <see cref="ReadingOn"/>.</summary>
    public bool TryReadOn()
    {
        lock (source)
        {
            if (readsOn) return true;
            if (attempt?.MayCost != true || source.IsCancellationRequested) return false;
            if (readingOn?.TryEnter(attempt.Endpoint.Provider, callerId) != true) return false;
            (readsOn, readsOnSince) = (true, request.Time.GetTimestamp());
            var left = request.TimeLeft;
            source.CancelAfter(readingOn.Limit < left ? readingOn.Limit : left);
        }
        // Outside of the lock: it may be over at once.
        onStopping = readingOn.Stopping.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
        return true;
    }

    /// <summary>
    /// The attempt has won: losing the race no longer ends it. The race's token is ignored from here on, since the races of other requests reuse it.
    /// </summary>
    public void Win()
    {
        // Waits for a callback that is running.
        onLostRace.Dispose();
        onLostRace = default;
        lostRace = false;
    }

    /// <summary>What ended the attempt, after <see cref="Token"/> was cancelled.</summary>
    public UpstreamFailure ToFailure()
    {
        if (request.CallerGone) return UpstreamFailure.Observed(FailureClass.CallerGone, "the caller disconnected");
        if (request.IsExpired) return UpstreamFailure.Observed(FailureClass.TotalTimeout, "no answer within the platform's limit");
        if (lostRace) return UpstreamFailure.Observed(FailureClass.Cancelled, "another attempt won");
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
        // Waits for a callback that is running, so that what it takes is given back.
        onCallerGone.Dispose();
        if (readsOn)
        {
            onStopping.Dispose();
            readingOn!.Leave(callerId);
            readsOn = false;
        }
        source.Dispose();
    }

    private void ArmNeedsLock(TimeSpan limit, FailureClass onTimeout)
    {
        if (source.IsCancellationRequested) return;
        var left = request.TimeLeft;
        if (readsOn)
        {
            var rest = readingOn!.Limit - request.Time.GetElapsedTime(readsOnSince);
            if (rest < left) left = rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
        }
        (limit, phase) = left <= limit ? (left, FailureClass.TotalTimeout) : (limit, onTimeout);
        source.CancelAfter(limit);
    }

    private void Lose()
    {
        lostRace = true;
        source.Cancel();
    }

    private void EndUnlessReadOn()
    {
        if (!TryReadOn()) source.Cancel();
    }
}

/// <summary>
/// The time limit of one request: ends when the caller disconnects or the time for the whole request is over. The clock of the current attempt
/// watches it, so it needs no timer of its own.
/// </summary>
/// <param name="started">Timestamp of the request's arrival.</param>
/// <param name="total">Longest duration of a request.</param>
/// <param name="time">Clock.</param>
/// <param name="callerGone">Cancelled when the caller disconnects, or after <see cref="Expire"/>.</param>
internal sealed class RequestClock(long started, TimeSpan total, TimeProvider time, CancellationToken callerGone)
{
    private volatile bool expired;

    /// <summary>Its clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Cancelled when no caller waits for the answer any more.</summary>
    public CancellationToken CallerGoneToken => callerGone;

    /// <summary>No caller waits for the answer any more: no further attempt is worth making.</summary>
    public bool IsOver => callerGone.IsCancellationRequested;

    /// <summary>The caller disconnected.</summary>
    public bool CallerGone => callerGone.IsCancellationRequested && !expired;

    /// <summary>The caller got the error that the answer does not come in time.</summary>
    public bool IsExpired => expired;

    /// <summary>The caller gets the error that the answer does not come in time. To be called before the token is cancelled.</summary>
    public void Expire() => expired = true;

    /// <summary>What is left of the time for the whole request; never negative.</summary>
    public TimeSpan TimeLeft
    {
        get
        {
            var left = total - time.GetElapsedTime(started);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
