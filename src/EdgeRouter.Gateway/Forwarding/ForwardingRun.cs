using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Requests;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>The candidates of one request: the failures so far decide which is next. Thread-safe: attempts overlap.</summary>
/// <param name="request">The request.</param>
/// <param name="clock">Its time limit.</param>
/// <param name="candidates">Endpoints in order.</param>
/// <param name="maxAttempts">Largest number of attempts.</param>
/// <param name="longestWait">Longest Retry-After that the request waits for.</param>
/// <param name="time">The clock of the attempts.</param>
internal sealed class ForwardingRun(GatewayRequest request, RequestClock clock, IReadOnlyList<Endpoint> candidates, int maxAttempts, TimeSpan longestWait,
    TimeProvider time) : IEmptyAnswers
{
    /// <summary>Shortest wait before the same endpoint is called again.</summary>
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(250);

    private readonly List<Attempt> failures = [];
    // Most requests need one. Also guards everything else here: a lock of its own would be an object more for each request.
    private readonly List<Endpoint> taken = new(1);
    private List<Endpoint>? repeated;
    private Model? finishedModel;
    private int next;
    private bool hadEmpty;

    /// <summary>The request.</summary>
    public GatewayRequest Request => request;

    /// <summary>Whether the text of the answer is kept, so that another endpoint can continue it.</summary>
    public bool KeepsText { get; init; }

    /// <summary>Where the stream that this run continues ended; null: it starts the answer.</summary>
    public ResumePoint? ResumeFrom { get; init; }

    /// <summary>Largest number of bytes that an attempt sends: the body, and the part of an answer that is continued.</summary>
    public int SentBytes => request.Content.BodyBytes + (ResumeFrom?.Bytes ?? 0);

    /// <summary>Its time limit.</summary>
    public RequestClock Clock => clock;

    /// <summary>True when there is no choice.</summary>
    public bool HasOneCandidate => candidates.Count == 1;

    /// <summary>The next endpoint to try; null: the failures so far permit no other.</summary>
    public NextAttempt? TakeNext()
    {
        lock (taken)
        {
            // An answer that is read on and breaks is not asked for elsewhere.
            if (clock.IsOver && taken.Count > 0) return null;
            if (FindNextNeedsLock() is { } endpoint)
            {
                next++;
                taken.Add(endpoint);
                return new NextAttempt(endpoint, TimeSpan.Zero);
            }
            if (FindLaterNeedsLock() is not { } later) return null;
            (repeated ??= []).Add(later.Endpoint);
            taken.Add(later.Endpoint);
            return later;
        }
    }

    /// <summary>True when no candidate is left.</summary>
    public bool IsLast
    {
        get
        {
            lock (taken) return next >= candidates.Count;
        }
    }

    /// <summary>The endpoint that was taken last.</summary>
    public Endpoint Latest
    {
        get
        {
            lock (taken) return taken[^1];
        }
    }

    /// <summary>Attempts that were taken and have not ended.</summary>
    public int Running
    {
        get
        {
            lock (taken) return taken.Count - failures.Count;
        }
    }

    /// <summary>The endpoint that <see cref="TakeNext"/> would return while an earlier attempt is running; null: none is running, or none is left.</summary>
    public Endpoint? NextBeside
    {
        get
        {
            lock (taken) return taken.Count > failures.Count && !clock.IsOver ? FindNextNeedsLock() : null;
        }
    }

    /// <inheritdoc/>
    public bool TryAccept()
    {
        lock (taken)
        {
            if (hadEmpty || (taken.Count - failures.Count == 1 && FindNextNeedsLock() is null)) return true;
            // Noted at once, not with its failure: the answer of an attempt beside it may be judged before that.
            hadEmpty = true;
            return false;
        }
    }

    /// <summary>The endpoint of a model that answered with nothing; null: there is none.</summary>
    public Endpoint? FindEmptyAnswer(Model model)
    {
        lock (taken)
        {
            foreach (var failed in failures)
                if (failed.Failure is { Class: FailureClass.EmptyAnswer } && failed.Endpoint.Model == model) return failed.Endpoint;
            return null;
        }
    }

    /// <summary>Adds an attempt that ended without an answer.</summary>
    public void NoteFailure(Attempt attempt)
    {
        lock (taken)
        {
            failures.Add(attempt);
            if (attempt.Failure is { } failure && FinishesModel(failure)) finishedModel = attempt.Endpoint.Model;
        }
    }

    /// <summary>
    /// Whether to wait for another answer after this failed attempt. Not after an invalid request when only its own model is called: an endpoint that
    /// runs in parallel would refuse it too, and the caller would wait for its timeout.
    /// </summary>
    public bool MayGoOn(Attempt attempt)
    {
        if (attempt.Failure is not { } failure) return true;
        if ((failure.Traits.Remedy & (Remedy.NextEndpoint | Remedy.LargerEndpoint | Remedy.NextModel)) == 0) return false;
        if (!FinishesModel(failure)) return true;
        lock (taken)
            return HasNextNeedsLock
                || taken.Exists(endpoint => endpoint.Model != attempt.Endpoint.Model && !failures.Exists(failed => failed.Endpoint == endpoint));
    }

    /// <summary>The caller's error when every attempt failed.</summary>
    /// <param name="report">Makes the error from the failures of the attempts.</param>
    public RouterError ToError(FailureReport report)
    {
        lock (taken)
        {
            // Another attempt might have answered if the budget had covered it.
            if (failures.Find(attempt => attempt.Refusal?.Type == ErrorTypes.PaymentRequired) is { } unaffordable) return unaffordable.Refusal!;
            var upstream = failures.Where(attempt => attempt.Failure is not null).Select(attempt => (attempt.Endpoint.Provider.Name, attempt.Failure!))
                .ToArray();
            if (upstream.Length > 0)
                return report.ToRouterError(upstream, [.. candidates.Select(endpoint => endpoint.Model.Id).Distinct(StringComparer.Ordinal)]);
            return failures.Select(attempt => attempt.Refusal).FirstOrDefault(refusal => refusal is not null)
                ?? new RouterError(500, ErrorTypes.Server, "Internal error: no attempt was made.");
        }
    }

    private static bool FinishesModel(UpstreamFailure failure) => (failure.Traits.Remedy & (Remedy.NextEndpoint | Remedy.LargerEndpoint)) == 0;

    private bool HasNextNeedsLock => FindNextNeedsLock() is not null || FindLaterNeedsLock() is not null;

    private Endpoint? FindNextNeedsLock()
    {
        if (taken.Count >= maxAttempts) return null;
        while (next < candidates.Count && !PermittedNeedsLock(candidates[next])) next++;
        return next < candidates.Count ? candidates[next] : null;
    }

    /// <summary>
    /// When every candidate was tried and none is running: the endpoint with the shortest Retry-After, if that is short enough. Once each, and only
    /// when the provider sent Retry-After, because other retries turn an overload into an outage.
    /// </summary>
    private NextAttempt? FindLaterNeedsLock()
    {
        if (taken.Count > failures.Count || taken.Count >= maxAttempts) return null;
        NextAttempt? soonest = null;
        foreach (var failed in failures)
        {
            if (failed.Failure is not { RetryAfter: { } asked } failure || (failure.Traits.Remedy & Remedy.SameEndpointLater) == 0) continue;
            if (asked > longestWait || failed.Endpoint.Model == finishedModel || repeated?.Contains(failed.Endpoint) == true) continue;
            var wait = asked - time.GetElapsedTime(failed.Ended ?? time.GetTimestamp());
            if (wait < MinWait) wait = MinWait;
            if (wait < clock.TimeLeft && (soonest is null || wait < soonest.Value.Wait)) soonest = new NextAttempt(failed.Endpoint, wait);
        }
        return soonest;
    }

    private bool PermittedNeedsLock(Endpoint candidate)
    {
        if (candidate.Model == finishedModel) return false;
        // A request that did not fit one endpoint fits another only if its limit is larger.
        foreach (var failed in failures)
        {
            if (failed.Failure is not { } failure || failed.Endpoint.Model != candidate.Model) continue;
            if ((failure.Traits.Remedy & Remedy.LargerEndpoint) == 0) continue;
            if (!request.Facts.Operation.MayFit(failure.Class, failed.Endpoint, candidate)) return false;
        }
        return true;
    }
}

/// <summary>An attempt that may be made.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Wait">How long to wait first.</param>
internal readonly record struct NextAttempt(Endpoint Endpoint, TimeSpan Wait);
