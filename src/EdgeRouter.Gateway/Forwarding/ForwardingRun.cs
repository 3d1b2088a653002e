using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>The candidates of one request as its attempts use them up: what failed decides who is next. Thread-safe: hedges overlap.</summary>
internal sealed class ForwardingRun(GatewayRequest request, RequestClock clock, IReadOnlyList<Endpoint> candidates)
{
    private readonly Lock gate = new();
    private readonly List<AttemptOutcome> failures = [];
    private readonly List<Endpoint> taken = [];
    private Model? finishedModel;
    private int next;

    public GatewayRequest Request => request;

    public RequestClock Clock => clock;

    /// <summary>True when there is no choice.</summary>
    public bool HasOneCandidate => candidates.Count == 1;

    /// <summary>The next endpoint to try; null: none is left that the failures so far permit.</summary>
    public Endpoint? TakeNext()
    {
        lock (gate)
        {
            if (FindNextNeedsLock() is not { } endpoint) return null;
            next++;
            taken.Add(endpoint);
            return endpoint;
        }
    }

    /// <summary>True when no candidate is left.</summary>
    public bool IsLast
    {
        get
        {
            lock (gate) return next >= candidates.Count;
        }
    }

    /// <summary>The endpoint that <see cref="TakeNext"/> would give while an earlier one has yet to answer; null: none is under way, or none is left.</summary>
    public Endpoint? NextBeside
    {
        get
        {
            lock (gate) return taken.Count > failures.Count ? FindNextNeedsLock() : null;
        }
    }

    /// <summary>Notes an outcome without an answer.</summary>
    public void NoteFailure(AttemptOutcome outcome)
    {
        lock (gate)
        {
            failures.Add(outcome);
            if (outcome.Failure is { } failure && FinishesModel(failure)) finishedModel = outcome.Endpoint.Model;
        }
    }

    /// <summary>
    /// Whether it makes sense to wait for another answer after this outcome, which was noted. Not after a mistake of the caller when only its own model is being asked: what one
    /// endpoint calls wrong is wrong at the silent one beside it, and the caller would wait for its timeout.
    /// </summary>
    public bool MayGoOn(AttemptOutcome outcome)
    {
        if (outcome.Failure is not { } failure) return true;
        if ((failure.Traits.Remedy & (Remedy.NextEndpoint | Remedy.LargerEndpoint | Remedy.NextModel)) == 0) return false;
        if (!FinishesModel(failure)) return true;
        lock (gate) return FindNextNeedsLock() is not null || taken.Exists(endpoint => endpoint.Model != outcome.Endpoint.Model && !failures.Exists(failed => failed.Endpoint == endpoint));
    }

    /// <summary>What the caller is told when every attempt failed.</summary>
    public RouterError ToError()
    {
        lock (gate)
        {
            // Another attempt might have helped, and money for it would.
            if (failures.Find(outcome => outcome.Refusal?.Type == ErrorTypes.PaymentRequired) is { } unaffordable) return unaffordable.Refusal!;
            var upstream = failures.Where(outcome => outcome.Failure is not null).Select(outcome => (outcome.Endpoint.Provider.Name, outcome.Failure!)).ToArray();
            if (upstream.Length > 0) return FailureReport.ToRouterError(upstream, [.. candidates.Select(endpoint => endpoint.Model.Id).Distinct(StringComparer.Ordinal)]);
            return failures.Select(outcome => outcome.Refusal).FirstOrDefault(refusal => refusal is not null)
                ?? new RouterError(500, ErrorTypes.Server, "No attempt was made.");
        }
    }

    private static bool FinishesModel(UpstreamFailure failure) => (failure.Traits.Remedy & (Remedy.NextEndpoint | Remedy.LargerEndpoint)) == 0;

    private Endpoint? FindNextNeedsLock()
    {
        while (next < candidates.Count && !PermittedNeedsLock(candidates[next])) next++;
        return next < candidates.Count ? candidates[next] : null;
    }

    private bool PermittedNeedsLock(Endpoint candidate)
    {
        if (candidate.Model == finishedModel) return false;
        // What did not fit one endpoint fits another only if that one is larger.
        foreach (var failed in failures)
        {
            if (failed.Failure is not { } failure || failed.Endpoint.Model != candidate.Model) continue;
            if ((failure.Traits.Remedy & Remedy.LargerEndpoint) == 0) continue;
            var (had, has) = failure.Class == FailureClass.MaxTokens
                ? (failed.Endpoint.MaxCompletionTokens, candidate.MaxCompletionTokens)
                : (failed.Endpoint.ContextLength, candidate.ContextLength);
            if (had is { } small && has is { } large && large <= small) return false;
        }
        return true;
    }
}
