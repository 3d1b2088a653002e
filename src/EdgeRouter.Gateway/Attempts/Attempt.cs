using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Upstreams.Failures;
using EdgeRouter.Upstreams.Http;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>
/// One call of one endpoint: when it started, was sent and ended, what covers its cost, and how it ended: with an answer (the first real token of a
/// stream, or the whole body), a failure of the provider, or a refusal (the request cannot be expressed in the endpoint's wire format). Owns the
/// answer: disposing an unused attempt aborts the call. Its members are written by the attempt alone and read when the request ends.
/// </summary>
/// <param name="endpoint">The endpoint that it calls.</param>
/// <param name="started">Timestamp of its start.</param>
public sealed class Attempt(Endpoint endpoint, long started) : IAsyncDisposable, ISendObserver
{
    private Answer? answer;
    private long sent;
    private long ended;
    private volatile bool isSent;
    private volatile bool isEnded;
    private volatile bool mayCost;

    /// <summary>The endpoint that it calls.</summary>
    public Endpoint Endpoint { get; } = endpoint;

    /// <summary>Timestamp of its start.</summary>
    public long Started { get; } = started;

    /// <summary>Timestamp at which the request was given to the provider's connections; null: it was not.</summary>
    public long? Sent
    {
        get => isSent ? sent : null;
        set => (sent, isSent) = (value.GetValueOrDefault(), value is not null);
    }

    /// <summary>
    /// Whether the request has begun to go to the provider: from then on it may cost money, and there is something to read on. False while its connection is
    /// opened.
    /// </summary>
    public bool MayCost => mayCost;

    /// <summary>
    /// Timestamp of the first token or of the failure; null: it still waits, and only then does it write to the members that others read.
    /// </summary>
    public long? Ended
    {
        get => isEnded ? ended : null;
        set => (ended, isEnded) = (value.GetValueOrDefault(), value is not null);
    }

    /// <summary>HTTP status of the provider; null: none came.</summary>
    public int? Status { get; set; }

    /// <summary>What it reports to the health of its endpoint; null: it was not admitted.</summary>
    public AttemptHealth? Health { get; set; }

    /// <summary>The part of the request's hold that covers it; zero: it is not covered, or needs no cover.</summary>
    public NanoDollars Cover { get; set; }

    /// <summary>Upper limit of the bytes that it sends: the caller's body, and the part of an answer that it continues.</summary>
    public int SentBytes { get; init; }

    /// <summary>What has arrived of the answer, complete or not; null: nothing. Written by the attempt while it runs.</summary>
    public StreamProgress? Seen { get; set; }

    /// <summary>Whether it was taken from the retry budget of its provider.</summary>
    public bool IsRetry { get; set; }

    /// <summary>The body that was sent to the provider, for callers who request it; null: not requested, or already written.</summary>
    public byte[]? SentBody { get; set; }

    /// <summary>Whether it brought an answer.</summary>
    public bool HasAnswer => answer is not null;

    /// <summary>How it failed, before or after its first token; null: it did not, or has not yet.</summary>
    public UpstreamFailure? Failure { get; set; }

    /// <summary>Why the request cannot be expressed in the endpoint's wire format, or must not be sent; null: it was sent.</summary>
    public RouterError? Refusal { get; private set; }

    /// <summary>Parameters that were dropped for this endpoint.</summary>
    public IReadOnlyCollection<string> Dropped { get; private set; } = [];

    /// <summary>What its answer, or the part of it that arrived, used and cost; null: it is not priced (yet). Set by Metering.</summary>
    public PricedAnswer? Priced { get; set; }

    /// <summary>
    /// What the provider may charge for it when it does not serve: holds and records go by this alone. An attempt without an end was aborted. One whose
    /// provider reported usage was charged, whatever its failure.
    /// </summary>
    public FailureCharge Charge
    {
        get
        {
            if (!MayCost) return FailureCharge.None;
            var charge = FailureTraits.Of(Failure?.Class ?? FailureClass.Cancelled).Charge;
            if (charge != FailureCharge.None) return charge;
            return Seen?.Usage is { } reported && (reported.PromptTotal > 0 || reported.CompletionTotal > 0) ? FailureCharge.Prompt : FailureCharge.None;
        }
    }

    /// <inheritdoc/>
    public void Sending() => mayCost = true;

    /// <summary>The answer.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    internal Answer Answer => answer ?? throw new InvalidOperationException("The attempt has no answer.");

    /// <summary>Releases the answer.</summary>
    public ValueTask DisposeAsync()
    {
        // An unused answer: another attempt has won, or the caller has disconnected.
        Health?.Abandoned();
        return answer?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    /// <summary>Waits for the end of attempts whose answer will not be read, and releases it. To be called once they were cancelled.</summary>
    internal static async Task ReleaseAsync(Task<Attempt> attempts)
    {
        var unread = await attempts;
        await unread.DisposeAsync();
    }

    /// <summary>It brought an answer.</summary>
    internal void Answered(Answer brought, IReadOnlyCollection<string> dropped)
    {
        answer = brought;
        Dropped = dropped;
    }

    /// <summary>It failed without an answer.</summary>
    internal void Failed(UpstreamFailure failure)
    {
        Failure = failure;
        Status ??= failure.Status;
    }

    /// <summary>Nothing was sent.</summary>
    internal void Refused(RouterError refusal) => Refusal = refusal;
}
