using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Governance;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects;
using EdgeRouter.Gateway.Forwarding;
using EdgeRouter.Gateway.Forwarding.Resuming;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Gateway.Parsing;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway;

/// <summary>
/// What the stages of one inference request tell each other: the one typed feature on the HttpContext. Each member is set by the stage named and read
/// by later ones.
/// One request uses it from one thread at a time, but for <see cref="Attempts"/>, which guards itself.
/// </summary>
public sealed class GatewayRequest(ICallerApi dialect, string generationId, DateTimeOffset arrivedAt, long arrivedTimestamp)
{
    /// <summary>Wire format of the caller; from the route.</summary>
    public ICallerApi Dialect { get; } = dialect;

    /// <summary>Id of the generation; also in the X-Generation-Id header.</summary>
    public string GenerationId { get; } = generationId;

    /// <summary>When the request arrived.</summary>
    public DateTimeOffset ArrivedAt { get; } = arrivedAt;

    /// <summary>The same on the monotonic clock.</summary>
    public long ArrivedTimestamp { get; } = arrivedTimestamp;

    /// <summary>Whether the caller wants <c>openrouter_metadata</c>; from the headers.</summary>
    public bool WantsMetadata { get; init; }

    /// <summary>Who calls; set by Authentication.</summary>
    public Caller? Caller { get; set; }

    /// <summary>The body; set by Parsing, given back by it at the end.</summary>
    public RequestBody? Body { get; set; }

    /// <summary>Routing facts; set by Parsing.</summary>
    public RequestFacts? Routing { get; set; }

    /// <summary>Where it may go; set by Selection.</summary>
    public RoutePlan? Plan { get; set; }

    /// <summary>What is set aside for it; set by Budgets, settled by Metering.</summary>
    public BudgetHold? Hold { get; set; }

    /// <summary>Every attempt made; filled by Forwarding.</summary>
    public AttemptLog Attempts { get; } = new();

    /// <summary>The attempt that serves; set by Forwarding.</summary>
    public AttemptOutcome? Served { get; set; }

    /// <summary>What the caller was told about usage and cost; set when known.</summary>
    public SettledUsage? Settled { get; set; }

    /// <summary>Parameters that were dropped on the way; for the response header.</summary>
    public IReadOnlyCollection<string> DroppedParameters { get; set; } = [];

    /// <summary>Timestamp of the first token (or whole answer); null: none yet.</summary>
    public long? FirstTokenTimestamp { get; set; }

    /// <summary>The text of the answer is kept, so that another endpoint can go on with it; set by Forwarding.</summary>
    public bool KeepsText { get; set; }

    /// <summary>Where the stream broke that is being gone on with; null: it did not. Set by Forwarding.</summary>
    public ResumePoint? ResumeFrom { get; set; }

    /// <summary>Parts of the answer whose providers died; null: none. Set by Forwarding.</summary>
    public List<InterruptedAnswer>? Interrupted { get; set; }

    /// <summary>Time spent waiting for upstreams before the first token; what is left of the latency is the router's own.</summary>
    public TimeSpan UpstreamWait { get; set; }

    /// <summary>The error that ended a stream after bytes had been sent; null: none.</summary>
    public Core.Errors.RouterError? StreamError { get; set; }

    /// <summary>The caller left before the end.</summary>
    public bool CallerGone { get; set; }

    /// <summary>Bytes that an attempt sends at most, as a bound on its tokens: the body, and the part of an answer that is being gone on with.</summary>
    public int PromptBytes => Body!.Memory.Length + (ResumeFrom is { } point ? System.Text.Encoding.UTF8.GetByteCount(point.Text) : 0);

    private ChatRequest? conversation;

    /// <summary>The body parsed in full; parsed at the first call only, since the fast path never needs it.</summary>
    public ChatRequest GetConversation() => conversation ??= Dialect.ReadRequest(Body!.Memory);

    /// <summary>
    /// Gives the body's memory back before the end of a stream that no other attempt can replace any more: a long prompt would else be held for as
    /// long as its answer takes.
    /// Does nothing while another attempt has not ended, since that one may still be reading it.
    /// </summary>
    public void ForgetBody()
    {
        if (Attempts.Unfinished > 0) return;
        Body!.Dispose();
        conversation = null;
        Routing!.ForgetLayout();
    }

    /// <summary>The request of a context; throws when the route is not an inference route.</summary>
    public static GatewayRequest Of(HttpContext context) =>
        context.Features.Get<GatewayRequest>() ?? throw new InvalidOperationException("Not an inference request.");
}
