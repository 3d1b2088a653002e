using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Routing.Operations;

/// <summary>
/// Embeddings: texts or media in, a vector for each out. Input tokens are charged, and nothing else: a vector has no length that is. Each input is a
/// prompt of its own.
/// </summary>
internal sealed class EmbeddingsOperation : Operation
{
    /// <summary>Tokens that providers may add to an input: marks at both ends, and an instruction for its type.</summary>
    private const int ScaffoldPerInput = 16;

    /// <summary>Tokens of a batch from which on the answer may take as long as a provider may.</summary>
    private const int LargeBatch = 100_000;

    public override string Name => "embeddings";

    public override string ReportedAs => "embeddings";

    public override string? MissingOutput(Model model, RequestFacts request) =>
        model.OutputModalities.Contains("embeddings") ? null : "embeddings output";

    public override OutputUnit OutputUnit => OutputUnit.None;

    public override double UsualThroughput => 1;

    public override Misfit? Misfit(Endpoint endpoint, RequestFacts request)
    {
        var (least, most) = (TokenBound.LeastPrompt(request), endpoint.MaxPromptTokens ?? endpoint.ContextLength);
        return least > most ? new(ExclusionReason.ContextLength, $"at most {most} tokens an input, at least {least} given") : null;
    }

    public override bool MayFit(FailureClass failure, Endpoint refused, Endpoint other) =>
        refused.ContextLength is null || other.ContextLength is null || other.ContextLength > refused.ContextLength;

    public override NanoDollars WorstCase(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy) => CostCalculator.WorstCase(
        MostTokens(request, bodyBytes, endpoint), 0, 1, request.MediaCount, TokenBound.PriceOf(request, endpoint, policy));

    public override CostBound Bound(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy) => new(NanoDollars.Zero,
        WorstCase(request, bodyBytes, endpoint, policy), request.PromptCount, OutputUnit, RequestFact.OutputCount);

    public override double ExpectedCost(Endpoint endpoint, RequestFacts request, long warmTokens) => ExpectedTokens.PromptCost(endpoint, request, warmTokens);

    public override double ExpectedOutput(RequestFacts request) => 0;

    public override long TypicalOutput(Endpoint endpoint, RequestFacts request) => 0;

    public override long MaxOutput(RequestFacts request, Endpoint endpoint, RoutingPolicy policy) => 0;

    public override TokenUsage WithOutput(in TokenUsage usage, long output) => usage;

    public override TokenUsage PossibleUsage(in TokenUsage reported, RequestFacts request, BytesSeen seen, Endpoint endpoint, RoutingPolicy policy) =>
        TokenBound.Possible(reported, MostTokens(request, seen.Sent, endpoint), 0);

    public override TokenUsage EstimateSent(RequestFacts request) => new() { Input = request.EstimatedPromptTokens };

    public override TokenUsage CountUsage(RequestFacts request, long outputBytes) => EstimateSent(request);

    public override bool MayTakeLong(RequestFacts request) => request.EstimatedPromptTokens > LargeBatch;

    public override EmptyAnswer JudgeEmpty(FinishReason? finish, bool isExplained) => EmptyAnswer.Empty;

    private static long MostTokens(RequestFacts request, int bodyBytes, Endpoint endpoint) =>
        TokenBound.PromptTokens(request, bodyBytes + (long)request.PromptCount * ScaffoldPerInput, endpoint);
}
