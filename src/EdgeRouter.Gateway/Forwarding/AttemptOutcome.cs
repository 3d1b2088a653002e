using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>
/// How an attempt ended as far as choosing goes: with an answer (its first real token, or the whole of it), a failure of the upstream, or a refusal
/// (the request cannot be said to this endpoint). Owns the answer; disposing an outcome that is not used aborts the upstream.
/// </summary>
public sealed class AttemptOutcome : IAsyncDisposable
{
    private AttemptOutcome(AttemptEntry entry) => Entry = entry;

    /// <summary>The attempt.</summary>
    public AttemptEntry Entry { get; }

    /// <summary>Where it went.</summary>
    public Endpoint Endpoint => Entry.Endpoint;

    /// <summary>The answer; null: there is none.</summary>
    internal Answer? Answer { get; private init; }

    /// <summary>The failure; null: none.</summary>
    public UpstreamFailure? Failure { get; private init; }

    /// <summary>Why the request cannot be said to this endpoint; null: it can.</summary>
    public RouterError? Refusal { get; private init; }

    /// <summary>Parameters that were dropped for this endpoint.</summary>
    public IReadOnlyCollection<string> Dropped { get; private init; } = [];

    internal static AttemptOutcome Answered(AttemptEntry entry, Answer answer, IReadOnlyCollection<string> dropped) =>
        new(entry) { Answer = answer, Dropped = dropped };

    internal static AttemptOutcome Failed(AttemptEntry entry, UpstreamFailure failure)
    {
        entry.Failure = failure;
        entry.Status ??= failure.Status;
        return new AttemptOutcome(entry) { Failure = failure };
    }

    internal static AttemptOutcome Refused(AttemptEntry entry, RouterError refusal)
    {
        entry.Refused = true;
        return new AttemptOutcome(entry) { Refusal = refusal };
    }

    /// <summary>Lets go of the answer.</summary>
    public ValueTask DisposeAsync()
    {
        // An answer that nobody took: another attempt had won meanwhile, or the caller had left.
        Entry.Health?.Abandoned();
        return Answer?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
