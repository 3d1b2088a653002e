using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Governance;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Gateway.Attempts;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Requests;

/// <summary>
/// One inference request: the typed feature on the HttpContext through which its stages exchange data. Each stage publishes one result; reading a
/// result whose stage has not run throws. Used from one thread at a time, except <see cref="Attempts"/>, which guards itself.
/// </summary>
/// <param name="api">The caller API of the route.</param>
/// <param name="generationId">Id of the generation; also in the X-Generation-Id header.</param>
/// <param name="arrivedAt">When the request arrived.</param>
/// <param name="arrivedTimestamp">The same on the monotonic clock.</param>
public sealed class GatewayRequest(ICallerApi api, string generationId, DateTimeOffset arrivedAt, long arrivedTimestamp)
{
    private Caller? caller;
    private RequestBody? body;
    private CallerRequest? content;
    private RoutePlan? plan;
    private BudgetHold? hold;
    private Delivery? delivery;
    private IMediaInliner? media;

    /// <summary>The API that the caller speaks.</summary>
    public ICallerApi Api { get; } = api;

    /// <summary>Id of the generation.</summary>
    public string GenerationId { get; } = generationId;

    /// <summary>When the request arrived.</summary>
    public DateTimeOffset ArrivedAt { get; } = arrivedAt;

    /// <summary>The same on the monotonic clock.</summary>
    public long ArrivedTimestamp { get; } = arrivedTimestamp;

    /// <summary>How long the caller took to send the body: none of it is the router's own time.</summary>
    public TimeSpan UploadTime { get; set; }

    /// <summary>Whether the caller requests <c>openrouter_metadata</c>.</summary>
    public bool WantsMetadata { get; init; }

    /// <summary>The caller; published by Authentication.</summary>
    public Caller Caller
    {
        get => caller ?? throw NotYet("Authentication");
        set => caller = value;
    }

    /// <summary>Whether the request was read.</summary>
    public bool IsParsed => content is not null;

    /// <summary>The parsed request; published by Parsing.</summary>
    public CallerRequest Content => content ?? throw NotYet("Parsing");

    /// <summary>Its routing facts.</summary>
    public RequestFacts Facts => Content.Facts;

    /// <summary>Whether the request has a plan.</summary>
    public bool IsPlanned => plan is not null;

    /// <summary>The route plan; published by Selection.</summary>
    public RoutePlan Plan
    {
        get => plan ?? throw NotYet("Selection");
        set => plan = value;
    }

    /// <summary>Whether money is set aside.</summary>
    public bool IsHeld => hold is not null;

    /// <summary>The money that is set aside; published by Budgets, settled by Metering.</summary>
    public BudgetHold Hold
    {
        get => hold ?? throw NotYet("Budgets");
        set => hold = value;
    }

    /// <summary>The images and files of the request, fetched once for all attempts; published by Forwarding.</summary>
    public IMediaInliner Media
    {
        get => media ?? throw NotYet("Forwarding");
        set => media = value;
    }

    /// <summary>Every attempt so far.</summary>
    public AttemptLog Attempts { get; } = new();

    /// <summary>Whether an attempt brought an answer.</summary>
    public bool IsAnswered => delivery is not null;

    /// <summary>The delivery of the answer; published by Forwarding.</summary>
    public Delivery Delivery
    {
        get => delivery ?? throw NotYet("Forwarding");
        set => delivery = value;
    }

    /// <summary>
    /// The error that the caller got while the provider was still at work; null: none. The record states what became of the answer.
    /// </summary>
    public RouterError? ErrorSentEarly { get; set; }

    /// <summary>The caller disconnected before the end.</summary>
    public bool CallerGone { get; set; }

    /// <summary>Publishes the result of Parsing.</summary>
    /// <param name="parsed">The request.</param>
    /// <param name="source">Its body, which its reader disposes at the end.</param>
    public void Parsed(CallerRequest parsed, RequestBody source) => (content, body) = (parsed, source);

    /// <summary>The first members of an endpoint's answer.</summary>
    public AnswerHeader HeaderOf(Core.Catalog.Endpoint endpoint) =>
        new(GenerationId, ArrivedAt.ToUnixTimeSeconds(), endpoint.Model.Id, endpoint.Provider.Name, Facts.ExcludeReasoning);

    /// <summary>
    /// Returns the body's memory before the end of a stream that no other attempt can replace any more; otherwise a long prompt stays in memory until
    /// its answer ends. Does nothing while another attempt has not ended, because it may still read it.
    /// </summary>
    public void ForgetBody()
    {
        if (Attempts.Unfinished > 0) return;
        body?.Dispose();
        Content.Forget();
    }

    /// <summary>The request of a context.</summary>
    /// <exception cref="InvalidOperationException">The route is not an inference route.</exception>
    public static GatewayRequest Of(HttpContext context) =>
        context.Features.Get<GatewayRequest>() ?? throw new InvalidOperationException("Not an inference request.");

    private static InvalidOperationException NotYet(string stage) => new($"The stage {stage} has not run.");
}
