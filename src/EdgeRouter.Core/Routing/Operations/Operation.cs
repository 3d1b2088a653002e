using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Routing.Operations;

/// <summary>
/// The kind of work that a request asks for: chat, completion, ... It defines the upper bound of the cost, which output a model must have, which
/// limits of an endpoint apply, and what an empty answer means. Each wire maps it to a path at the provider. Implementations are stateless and
/// thread-safe.
/// </summary>
public abstract class Operation
{
    /// <summary>Chat: a conversation in, a message out.</summary>
    public static readonly Operation Chat = new ConversationOperation("chat", ["text", "image", "audio"]);

    /// <summary>Completion: a prompt in, its continuation out.</summary>
    public static readonly Operation Completion = new ConversationOperation("completion", ["text"]);

    /// <summary>Name, unique.</summary>
    public abstract string Name { get; }

    /// <summary>Its name in <c>api_type</c> of <c>GET /generation</c>, as OpenRouter's API has it.</summary>
    public abstract string ReportedAs { get; }

    /// <summary>Whether a wire for conversations can serve it: the request can be read as a conversation and the answer written from a message.</summary>
    public virtual bool IsConversation => false;

    /// <summary>The output modality that the request needs and the model lacks, for messages; null: the model has it.</summary>
    public abstract string? MissingOutput(Model model, RequestFacts request);

    /// <summary>The limit of the endpoint that the request certainly exceeds, for messages; null: it may fit.</summary>
    public abstract string? ExceededLimit(Endpoint endpoint, RequestFacts request);

    /// <summary>Upper bound of the cost of one attempt at an endpoint. Allocates nothing.</summary>
    /// <param name="request">The request.</param>
    /// <param name="bodyBytes">Bytes of the caller's body.</param>
    /// <param name="endpoint">The endpoint; it has a price, or the policy has a ceiling price.</param>
    /// <param name="policy">Gives the parameters that the endpoint supports, and the price of endpoints without one.</param>
    public abstract NanoDollars WorstCase(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy);

    /// <summary>The parts of <see cref="WorstCase"/>, for an error that names what the budget could pay.</summary>
    public abstract CostBound Bound(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy);

    /// <summary>Expected USD, in binary floating point: for comparison, not for charging. An endpoint without a price costs more than all others.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="request">The request.</param>
    /// <param name="warmTokens">Tokens of the prompt that the endpoint is expected to have in its cache.</param>
    public abstract double ExpectedCost(Endpoint endpoint, RequestFacts request, long warmTokens);

    /// <summary>Output tokens of a typical answer, within the caller's and the endpoint's limits; 0 when the output is not counted in tokens.</summary>
    public abstract long TypicalOutputTokens(Endpoint endpoint, RequestFacts request);

    /// <summary>Largest number of output tokens that one attempt can be charged, all choices together; 0: the output is not counted in tokens.</summary>
    public abstract long MaxOutputTokens(RequestFacts request, Endpoint endpoint, RoutingPolicy policy);

    /// <summary>
    /// The part of the usage that a provider reports that can be true, given the request, the bytes that passed, and the endpoint's limits. The same when
    /// all of it can. Allocates nothing and never throws.
    /// </summary>
    /// <param name="reported">The provider's report; any numbers within <see cref="TokenUsage.MaxReported"/>.</param>
    /// <param name="request">The request.</param>
    /// <param name="seen">What passed.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="policy">Says which parameters the endpoint obeys.</param>
    public abstract TokenUsage PossibleUsage(in TokenUsage reported, RequestFacts request, BytesSeen seen, Endpoint endpoint, RoutingPolicy policy);

    /// <summary>Estimated usage of a request that was sent and whose answer is unknown.</summary>
    public abstract TokenUsage EstimateSent(RequestFacts request);

    /// <summary>Usage of an answer for which the provider reported no usage, counted from the relayed bytes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="outputBytes">Bytes of generated content.</param>
    public abstract TokenUsage CountUsage(RequestFacts request, long outputBytes);

    /// <summary>Whether the request gives a reason for an answer without content, so that one is no sign of a fault.</summary>
    public virtual bool MayAnswerNothing(RequestFacts request) => false;

    /// <summary>How an answer without content is judged.</summary>
    /// <param name="finish">Why the provider ended it; null: not reported.</param>
    /// <param name="isExplained">
    /// Whether there is a reason for it: the request (<see cref="MayAnswerNothing"/>), or that another provider began the answer.
    /// </param>
    public abstract EmptyAnswer JudgeEmpty(FinishReason? finish, bool isExplained);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>What passed between the router and a provider in one attempt.</summary>
/// <param name="Sent">Upper limit of the bytes sent: the caller's body, and the part of an answer that is continued.</param>
/// <param name="Received">Bytes of generated content that came back.</param>
public readonly record struct BytesSeen(int Sent, long Received);

/// <summary>Judgement of an answer without content.</summary>
public enum EmptyAnswer
{
    /// <summary>A good answer: the provider gave a reason for empty content.</summary>
    Good,

    /// <summary>A failure: the answer is complete and empty.</summary>
    Empty,

    /// <summary>A failure: the answer ended before its end.</summary>
    Truncated,
}
