using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Routing.Operations;

/// <summary>
/// The kind of work that a request asks for: chat, completion, embeddings, ... It defines the upper bound of the cost, which output a model must have, what its
/// output is counted in, which limits of an endpoint apply, and what an empty answer means. Each wire maps it to a path at the provider.
/// Implementations are stateless and thread-safe.
/// </summary>
public abstract class Operation
{
    /// <summary>Chat: a conversation in, a message out.</summary>
    public static readonly Operation Chat = new ConversationOperation("chat", ["text", "image", "audio"]);

    /// <summary>Completion: a prompt in, its continuation out.</summary>
    public static readonly Operation Completion = new CompletionOperation();

    /// <summary>Embeddings: texts or media in, a vector for each out.</summary>
    public static readonly Operation Embeddings = new InputOperation("embeddings", "embeddings");

    /// <summary>Reranking: a query and documents in, the relevance of each document out.</summary>
    public static readonly Operation Rerank = new RerankOperation();

    /// <summary>Name, unique.</summary>
    public abstract string Name { get; }

    /// <summary>Its name in <c>api_type</c> of <c>GET /generation</c>, as OpenRouter's API has it.</summary>
    public abstract string ReportedAs { get; }

    /// <summary>Whether a wire for conversations can serve it: the request can be read as a conversation and the answer written from a message.</summary>
    public virtual bool IsConversation => false;

    /// <summary>The output modality that the request needs and the model lacks, for messages; null: the model has it.</summary>
    public abstract string? MissingOutput(Model model, RequestFacts request);

    /// <summary>Why the request certainly does not fit the endpoint; null: it may fit.</summary>
    public abstract Misfit? Misfit(Endpoint endpoint, RequestFacts request);

    /// <summary>Whether a request that an endpoint refused as too large may fit another one of the same model.</summary>
    /// <param name="failure">How it was refused: a class with <see cref="Remedy.LargerEndpoint"/>.</param>
    /// <param name="refused">The endpoint that refused it.</param>
    /// <param name="other">The other one.</param>
    public abstract bool MayFit(FailureClass failure, Endpoint refused, Endpoint other);

    /// <summary>What its output is counted in. Health learns the throughput of endpoints in it.</summary>
    public abstract OutputUnit OutputUnit { get; }

    /// <summary>Output a second of an endpoint of which nothing was learned; above 0, and not asked for when the output is not counted.</summary>
    public abstract double UsualThroughput { get; }

    /// <summary>The output of an answer.</summary>
    /// <param name="usage">What the provider reported; null: nothing.</param>
    /// <param name="counted">What the exchange counted in <see cref="OutputUnit"/>; 0: nothing.</param>
    public virtual OutputAmount OutputOf(in TokenUsage? usage, double counted) => new(counted, OutputUnit);

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

    /// <summary>Output that is expected of each choice, in <see cref="OutputUnit"/>: orderings compare the time that it takes. 0: it is not counted.</summary>
    public abstract double ExpectedOutput(RequestFacts request);

    /// <summary>Output of a typical answer, in <see cref="OutputUnit"/>, within the caller's and the endpoint's limits; 0: it is not counted.</summary>
    public abstract long TypicalOutput(Endpoint endpoint, RequestFacts request);

    /// <summary>Most output that one attempt can be charged, in <see cref="OutputUnit"/>, all choices together; 0: it is not counted.</summary>
    public abstract long MaxOutput(RequestFacts request, Endpoint endpoint, RoutingPolicy policy);

    /// <summary>Usage that has at least as much output; the same when it has.</summary>
    /// <param name="usage">What is known.</param>
    /// <param name="output">Output that the provider may have made, in <see cref="OutputUnit"/>.</param>
    public abstract TokenUsage WithOutput(in TokenUsage usage, long output);

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

    /// <summary>
    /// Whether the answer, or the first token of a stream, may take long because of the request itself. A time-out then counts against an endpoint only
    /// where no other answer shows that it works.
    /// </summary>
    public virtual bool MayTakeLong(RequestFacts request) => !request.Stream;

    /// <summary>Whether an endpoint may make output for the request that it charges and does not show, such as reasoning.</summary>
    public virtual bool MayHideOutput(RequestFacts request, Endpoint endpoint) => false;

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

/// <summary>Why a request does not fit an endpoint.</summary>
/// <param name="Reason">The reason for lists of exclusions.</param>
/// <param name="Detail">The limit and what was asked for, for people.</param>
public readonly record struct Misfit(ExclusionReason Reason, string Detail);

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
