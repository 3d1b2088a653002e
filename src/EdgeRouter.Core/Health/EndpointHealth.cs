using EdgeRouter.Core.Health.Snapshots;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Health;

/// <summary>
/// The health of one endpoint: what is in flight, its breaker, its learned cap, its statistics. Thread-safe by one small lock; reports allocate
/// nothing once the endpoint has served. <see cref="HealthRegistry"/> makes it.
/// </summary>
public sealed class EndpointHealth
{
    private static readonly long MaxWait = TimeSpan.FromHours(1).Ticks;
    private static readonly long MaxSharedWait = TimeSpan.FromMinutes(5).Ticks;
    private static readonly long ServedLately = TimeSpan.FromMinutes(10).Ticks;
    private static readonly long MaxDefaultWait = TimeSpan.FromSeconds(30).Ticks;
    private readonly Lock gate = new();
    private readonly HealthClock clock;
    private readonly Breaker breaker;
    private EndpointWindows? windows;
    private SharedCounts? shared;
    private RateCap cap;
    private PeakEwma peak;
    private FiguresCache figures;
    private int inFlight;
    private int limitsInARow;
    private long notBefore;
    private long sharedNotBefore;
    private long servedAt = long.MinValue / 2;
    private long streamedContentAt = long.MinValue / 2;
    private long wholeContentAt = long.MinValue / 2;

    internal EndpointHealth(string endpointId, CredentialHealth credential, HealthClock clock, Random jitter)
    {
        EndpointId = endpointId;
        Credential = credential;
        this.clock = clock;
        breaker = new Breaker(jitter);
    }

    /// <summary>Id of the endpoint.</summary>
    public string EndpointId { get; }

    /// <summary>The credential that it shares with the provider's other endpoints.</summary>
    public CredentialHealth Credential { get; }

    /// <summary>Attempts in progress from this instance.</summary>
    public int InFlight => Volatile.Read(ref inFlight);

    /// <summary>State of the endpoint's breaker.</summary>
    public BreakerState Breaker
    {
        get
        {
            lock (gate) return breaker.State;
        }
    }

    /// <summary>Until when the provider asked not to be called; null: it may be called.</summary>
    public DateTimeOffset? NotBefore
    {
        get
        {
            lock (gate) return Blocked is var until && until > clock.Now ? new DateTimeOffset(until, TimeSpan.Zero) : null;
        }
    }

    /// <summary>Attempts per second that the endpoint accepts from this instance; null: no limit met yet.</summary>
    public double? LearnedCap
    {
        get
        {
            lock (gate) return cap.At(clock.Now) is var rate && double.IsPositiveInfinity(rate) ? null : rate;
        }
    }

    /// <summary>0: works. -1: degraded. -2: mostly failing. -3: breaker half-open. -5: asked to wait, or at its cap. -10: breaker open.</summary>
    public int Status
    {
        get
        {
            var now = Read();
            if (now.Breaker == BreakerState.Open && now.BlockedUntil > 0) return -10;
            if (now.BlockedUntil > 0 || now.CapPressure >= 1) return -5;
            if (now.Breaker != BreakerState.Closed) return -3;
            return now.Uptime switch { UptimeClass.Down => -2, UptimeClass.Degraded => -1, _ => now.RecentOutage ? -1 : 0 };
        }
    }

    /// <summary>
    /// Asks to send an attempt, and counts it in flight. Not admitted while a breaker is open or has its probes out, or before the time the provider
    /// asked for, unless it is the last resort.
    /// </summary>
    /// <param name="lastResort">The plan has no other candidate left.</param>
    /// <param name="isStreamed">A stream is asked for: the time without a token shows how slow the endpoint is, not how long the answer.</param>
    /// <param name="mayTakeLong">It may take long by itself. A time-out then counts unless another answer of its kind had content during that time.</param>
    /// <returns>The attempt's ticket. Admitted: every ticket must be ended by <see cref="AttemptEnded"/>.</returns>
    public AttemptTicket AttemptStarted(bool lastResort = false, bool isStreamed = true, bool mayTakeLong = false)
    {
        lock (gate)
        {
            var now = clock.Now;
            // An earlier call than the provider asked for would be refused again.
            if (now < Blocked) return default;
            if (!lastResort && !breaker.Admits(now)) return default;
            if (!Credential.TryEnter(now, lastResort, out var credentialEra)) return default;
            breaker.Enter(now);
            inFlight++;
            return new AttemptTicket
            {
                Admitted = true,
                IsStreamed = isStreamed,
                MayTakeLong = mayTakeLong,
                StartedAt = now,
                StateNumber = breaker.StateNumber,
                CredentialStateNumber = credentialEra,
            };
        }
    }

    /// <summary>
    /// The first real token of a stream arrived. It decides the attempt for breakers, because the stream may last for minutes. Only the first call of
    /// an attempt counts.
    /// </summary>
    /// <param name="ticket">The attempt's.</param>
    /// <param name="waited">Time from sending to the token.</param>
    public void FirstTokenArrived(ref AttemptTicket ticket, TimeSpan waited)
    {
        if (!ticket.Admitted || ticket.FirstTokenSeen) return;
        ticket.FirstTokenSeen = true;
        lock (gate)
        {
            var now = clock.Now;
            PassedNeedsLock(now, ticket);
            ContentCameNeedsLock(now, ticket);
            peak.Add(now, waited.TotalSeconds);
            Windows.Add(now, HealthCells.FirstToken + LogHistogram.BucketOf(waited.TotalSeconds, LogHistogram.MinSeconds));
        }
    }

    /// <summary>The attempt is over. Ends the ticket: a second call does nothing.</summary>
    public void AttemptEnded(ref AttemptTicket ticket, in AttemptReport report)
    {
        if (!ticket.Admitted) return;
        ticket.Admitted = false;
        lock (gate)
        {
            var now = clock.Now;
            inFlight--;
            var excused = IsExcusedNeedsLock(now, ticket, report.Result);
            if (excused) ReleaseNeedsLock(ticket);
            else JudgeNeedsLock(now, ticket, report);
            Windows.Add(now, HealthCells.Of(excused ? AttemptResult.CallerFault : report.Result));
            if (report.Result != AttemptResult.Answered) return;
            Credential.Retries.Earn();
            CountAnswerNeedsLock(now, report);
        }
    }

    /// <summary>
    /// Another endpoint of the model has answered what this one answered with nothing. Counts as a failure, unless an answer of the endpoint had content in
    /// the last 10 minutes: whether there is an answer depends on the request, too.
    /// </summary>
    public void ReportEmptyAnswer()
    {
        lock (gate)
        {
            var now = clock.Now;
            if (HadContentLatelyNeedsLock(now)) return;
            breaker.Failed(now, breaker.StateNumber);
            Windows.Add(now, HealthCells.Of(AttemptResult.BadAnswer));
        }
    }

    /// <summary>Figures for routing. They are computed at most four times a second.</summary>
    public HealthFigures Read()
    {
        lock (gate)
        {
            var now = clock.Now;
            if (figures.IsStale(now)) figures.Update(now, windows, shared, breaker.Recent);
            var blocked = breaker.State == BreakerState.Open && breaker.OpenUntil > now ? breaker.OpenUntil : 0;
            blocked = Math.Max(blocked, Math.Max(Blocked > now ? Blocked : 0, Credential.BlockedUntil(now)));
            return figures.Value with
            {
                CapPressure = figures.Rate / cap.At(now),
                Load = peak.Seconds(now) * (inFlight + 1),
                InFlight = inFlight,
                Breaker = breaker.State,
                BlockedUntil = blocked,
            };
        }
    }

    /// <summary>Statistics over a window, all instances together.</summary>
    /// <param name="window">The window.</param>
    /// <param name="unit">Unit of the throughput; <see cref="OutputUnit.None"/>: it is not needed.</param>
    public WindowStatistics Statistics(HealthWindow window, OutputUnit unit = OutputUnit.None)
    {
        lock (gate)
        {
            var now = clock.Now;
            var own = windows is null ? [] : windows.Sums(window, now);
            return WindowSummary.Of(own, shared is null ? [] : shared.Row(window, now), unit);
        }
    }

    /// <summary>Percentiles of the time to the first token, in seconds; null: no sample.</summary>
    public HealthPercentiles? Percentiles(HealthWindow window) => Statistics(window).FirstTokenSeconds;

    /// <summary>Share of attempts that succeeded, 0 to 1; null: none counted.</summary>
    public double? Uptime(HealthWindow window) => Statistics(window).Uptime;

    /// <summary>
    /// Clears everything that keeps the endpoint from being called: what the provider asked for, open breakers (the credential's too, which the
    /// provider's other endpoints share), the learned cap. Statistics stay.
    /// </summary>
    public void ClearWaits()
    {
        lock (gate)
        {
            notBefore = sharedNotBefore = 0;
            limitsInARow = 0;
            cap = default;
            breaker.Reset();
            Credential.Reset();
        }
    }

    /// <summary>
    /// Takes over what the other instances know. Their waits are kept separate from this instance's own, so that none is shared twice. They last 5
    /// minutes at most, and end when the instance that was asked to wait no longer reports them.
    /// </summary>
    internal void Share(SharedCounts counts, in SharedLimits limits)
    {
        lock (gate)
        {
            var now = clock.Now;
            shared = counts;
            breaker.TakeOver(now, limits.OpenUntil);
            sharedNotBefore = limits.NotBefore > now ? Math.Min(limits.NotBefore, now + MaxSharedWait) : 0;
            cap.TakeOver(now, limits.Cap);
        }
    }

    /// <summary>What this instance shares with the others; null: nothing.</summary>
    internal EndpointCounts? Capture()
    {
        lock (gate)
        {
            if (windows is null) return null;
            var now = clock.Now;
            var limit = cap.At(now);
            var limits = new SharedLimits(breaker.State == BreakerState.Open ? breaker.OpenUntil : 0, notBefore > now ? notBefore : 0,
                double.IsPositiveInfinity(limit) ? 0 : limit);
            return new EndpointCounts(windows.Sums(HealthWindow.FiveMinutes, now).ToArray(), windows.Sums(HealthWindow.ThirtyMinutes, now).ToArray(),
                windows.Sums(HealthWindow.OneDay, now).ToArray(), limits);
        }
    }

    private long Blocked => Math.Max(notBefore, sharedNotBefore);

    private EndpointWindows Windows => windows ??= new EndpointWindows();

    /// <summary>
    /// Whether others show that the request is at fault. The endpoint exists when it answered recently: it refuses something that this request names, such as
    /// a file. And it works when it brought content of the same kind while this request waited: a refusal shows only that it reads requests, and a stream
    /// does not show how long a whole answer takes.
    /// </summary>
    private bool IsExcusedNeedsLock(long now, in AttemptTicket ticket, AttemptResult result) => result switch
    {
        AttemptResult.NotServed => ServedLatelyNeedsLock(now),
        AttemptResult.TimedOut => ticket.MayTakeLong && (ticket.IsStreamed ? streamedContentAt : wholeContentAt) > ticket.StartedAt,
        _ => false,
    };

    /// <summary>Whether the endpoint answered or judged a request recently: this instance's, or another one's in the last 5 minutes.</summary>
    private bool ServedLatelyNeedsLock(long now) => now - servedAt < ServedLately || OthersHadContentNeedsLock(now);

    /// <summary>Whether an answer had content recently: here, or at another instance in the last 5 minutes.</summary>
    private bool HadContentLatelyNeedsLock(long now) =>
        now - Math.Max(streamedContentAt, wholeContentAt) < ServedLately || OthersHadContentNeedsLock(now);

    private bool OthersHadContentNeedsLock(long now) =>
        shared is not null && HealthCells.Successes(shared.Row(HealthWindow.FiveMinutes, now)) > 0;

    private void ContentCameNeedsLock(long now, in AttemptTicket ticket)
    {
        if (ticket.IsStreamed) streamedContentAt = now;
        else wholeContentAt = now;
    }

    private void PassedNeedsLock(long now, in AttemptTicket ticket)
    {
        breaker.Passed(now, ticket.StateNumber);
        Credential.Passed(now, ticket.CredentialStateNumber);
        limitsInARow = 0;
        servedAt = now;
    }

    private void JudgeNeedsLock(long now, in AttemptTicket ticket, in AttemptReport report)
    {
        switch (report.Result)
        {
            case AttemptResult.Answered:
                if (ticket.FirstTokenSeen) break;
                PassedNeedsLock(now, ticket);
                ContentCameNeedsLock(now, ticket);
                break;
            case AttemptResult.RateLimited:
                cap.Limited(now, breaker.Recent.Rate(now));
                limitsInARow++;
                WaitNeedsLock(now, report.RetryAfter?.Ticks ?? Math.Min(MaxDefaultWait, TimeSpan.TicksPerSecond << Math.Min(limitsInARow - 1, 5)));
                ReleaseNeedsLock(ticket);
                break;
            case AttemptResult.CredentialRefused:
                Credential.Refused(now, ticket.CredentialStateNumber);
                breaker.Released(ticket.StateNumber);
                break;
            case AttemptResult.CallerFault:
                // The provider read and judged the request: it works.
                if (!ticket.FirstTokenSeen) PassedNeedsLock(now, ticket);
                break;
            case AttemptResult.Abandoned:
                if (!ticket.FirstTokenSeen && ticket.IsStreamed) peak.AddIfSlower(now, TimeSpan.FromTicks(now - ticket.StartedAt).TotalSeconds);
                ReleaseNeedsLock(ticket);
                break;
            default:
                breaker.Failed(now, ticket.StateNumber);
                Credential.Released(ticket.CredentialStateNumber);
                if (report.RetryAfter is { } asked) WaitNeedsLock(now, asked.Ticks);
                break;
        }
    }

    private void ReleaseNeedsLock(in AttemptTicket ticket)
    {
        breaker.Released(ticket.StateNumber);
        Credential.Released(ticket.CredentialStateNumber);
    }

    private void WaitNeedsLock(long now, long ticks) => notBefore = Math.Max(notBefore, now + Math.Clamp(ticks, 0, MaxWait));

    private void CountAnswerNeedsLock(long now, in AttemptReport report)
    {
        if (report.Output is { Unit: not OutputUnit.None, Value: > 0 } output && report.Duration is { TotalSeconds: > 0 } duration)
            Windows.Add(now, HealthCells.Throughput(output.Unit)
                + LogHistogram.BucketOf(output.Value / duration.TotalSeconds, LogHistogram.MinPerSecond(output.Unit)));
        if (report.ToolCalls == ToolCallQuality.None) return;
        Windows.Add(now, HealthCells.ToolAnswers);
        if (report.ToolCalls == ToolCallQuality.Bad) Windows.Add(now, HealthCells.BadToolAnswers);
    }
}
