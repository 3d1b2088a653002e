using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Routing.Operations;

/// <summary>
/// What a request asks for: chat, completion, and later embeddings, images and the like. It says what bounds the request's cost before it runs, which
/// output a model must have, and what an empty answer is. The path at the provider is the wire's answer to an operation. Implementations are stateless
/// and thread-safe.
/// </summary>
public abstract class Operation
{
    /// <summary>Chat: a conversation in, a message out.</summary>
    public static readonly Operation Chat = new ConversationOperation("chat", ["text", "image", "audio"]);

    /// <summary>Completion: a prompt in, its continuation out.</summary>
    public static readonly Operation Completion = new ConversationOperation("completion", ["text"]);

    /// <summary>Name, unique.</summary>
    public abstract string Name { get; }

    /// <summary>What OpenRouter's clients call it in a generation's <c>api_type</c>.</summary>
    public abstract string ReportedAs { get; }

    /// <summary>Whether a wire for conversations can serve it: the request can be read as a conversation and the answer written from a message.</summary>
    public virtual bool IsConversation => false;

    /// <summary>The output that the request needs and the model lacks, for people; null: the model has it.</summary>
    public abstract string? MissingOutput(Model model, RequestFacts request);

    /// <summary>Why the request certainly does not fit the endpoint's limits, for people; null: it may fit.</summary>
    public abstract string? Misfit(Endpoint endpoint, RequestFacts request);

    /// <summary>The most that one attempt at an endpoint can be charged. Allocates nothing.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="bodyBytes">Bytes of the caller's body.</param>
    /// <param name="endpoint">Where it goes; it has a price, or the policy has a ceiling price.</param>
    /// <param name="policy">Says which parameters the endpoint heeds, and the price of endpoints without one.</param>
    public abstract NanoDollars WorstCase(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy);

    /// <summary>The parts of <see cref="WorstCase"/>, to tell a caller what would be affordable.</summary>
    public abstract CostBound Bound(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy);

    /// <summary>
    /// Expected USD, in binary floating point: for comparing endpoints, not for charging. An endpoint without a price costs more than all others.
    /// </summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="request">What.</param>
    /// <param name="warmTokens">Tokens of the prompt that the endpoint is expected to have in its cache.</param>
    public abstract double ExpectedCost(Endpoint endpoint, RequestFacts request, long warmTokens);

    /// <summary>Output tokens of a typical answer, within the caller's and the endpoint's limits; 0 where the output is not counted in tokens.</summary>
    public abstract long TypicalOutputTokens(Endpoint endpoint, RequestFacts request);

    /// <summary>Most output tokens that one attempt can be charged, all choices together; 0 where the output is not counted in tokens.</summary>
    public abstract long MaxOutputTokens(RequestFacts request, Endpoint endpoint, RoutingPolicy policy);

    /// <summary>
    /// What of the usage that a provider reports can be true, given what was asked for, what passed, and what the endpoint gives at most. The same when
    /// all of it can. Allocates nothing and never throws.
    /// </summary>
    /// <param name="reported">What the provider said; any numbers within <see cref="TokenUsage.MostReported"/>.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="seen">What passed.</param>
    /// <param name="endpoint">Where.</param>
    /// <param name="policy">Says which parameters the endpoint heeds.</param>
    public abstract TokenUsage PossibleUsage(in TokenUsage reported, RequestFacts request, BytesSeen seen, Endpoint endpoint, RoutingPolicy policy);

    /// <summary>Usage of a request that was sent and of whose answer nothing is known.</summary>
    public abstract TokenUsage EstimateSent(RequestFacts request);

    /// <summary>Usage of an answer of which the provider told no usage, from the bytes that passed.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="outputBytes">Bytes of generated content.</param>
    public abstract TokenUsage CountUsage(RequestFacts request, long outputBytes);

    /// <summary>What an answer is in which nothing was generated.</summary>
    /// <param name="finish">Why the provider ended it; null: it did not say.</param>
    /// <param name="isContinuation">Whether another provider began the answer.</param>
    public abstract EmptyAnswer JudgeEmpty(FinishReason? finish, bool isContinuation);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>What passed between the router and a provider in one attempt.</summary>
/// <param name="Sent">Bytes sent at most: the caller's body, and the part of an answer that is continued.</param>
/// <param name="Received">Bytes of generated content that came back.</param>
public readonly record struct BytesSeen(int Sent, long Received);

/// <summary>What an answer without content is.</summary>
public enum EmptyAnswer
{
    /// <summary>A good answer: the provider gave a reason for having nothing to say.</summary>
    Good,

    /// <summary>A failure: the answer is complete and empty.</summary>
    Empty,

    /// <summary>A failure: the answer ended before its end.</summary>
    Truncated,
}
