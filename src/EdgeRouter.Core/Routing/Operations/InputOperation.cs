using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Routing.Operations;

/// <summary>
/// Embeddings, and what all operations share that charge their inputs alone: the answer, a number or a vector for each of them, has no length that is
/// charged. Each input is a prompt of its own.
/// </summary>
/// <param name="name">Name of the operation.</param>
/// <param name="output">Output modality that a model must have.</param>
internal class InputOperation(string name, string output) : Operation
{
    /// <summary>Tokens that providers may add to an input: marks at both ends, and an instruction for its type.</summary>
    private const int ScaffoldPerInput = 16;

    /// <summary>Tokens of a batch from which on the answer may take as long as a provider may.</summary>
    private const int LargeBatch = 100_000;

    public override string Name => name;

    public override string ReportedAs => name;

    public override string? MissingOutput(Model model, RequestFacts request) => model.OutputModalities.Contains(output) ? null : $"{output} output";

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
        MostTokens(request, bodyBytes, endpoint), 0, 1, request.MediaCount, TokenBound.PriceOf(request, endpoint, policy),
        searchUnits: MostSearchUnits(request));

    public override CostBound Bound(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy) => new(NanoDollars.Zero,
        WorstCase(request, bodyBytes, endpoint, policy), request.PromptCount, OutputUnit, RequestFact.OutputCount);

    public override double ExpectedCost(Endpoint endpoint, RequestFacts request, long warmTokens) => ExpectedTokens.PromptCost(endpoint, request, warmTokens);

    public override double ExpectedOutput(RequestFacts request) => 0;

    public override long TypicalOutput(Endpoint endpoint, RequestFacts request) => 0;

    public override long MaxOutput(RequestFacts request, Endpoint endpoint, RoutingPolicy policy) => 0;

    public override TokenUsage WithOutput(in TokenUsage usage, long output) => usage;

    public override TokenUsage PossibleUsage(in TokenUsage reported, RequestFacts request, BytesSeen seen, Endpoint endpoint, RoutingPolicy policy) =>
        TokenBound.Possible(reported, MostTokens(request, seen.Sent, endpoint), 0) with
        {
            SearchUnits = reported.SearchUnits is { } units ? Math.Clamp(units, 0, MostSearchUnits(request)) : null,
        };

    public override TokenUsage EstimateSent(RequestFacts request) => new() { Input = request.EstimatedPromptTokens };

    public override TokenUsage CountUsage(RequestFacts request, long outputBytes) => EstimateSent(request);

    public override bool MayTakeLong(RequestFacts request) => request.EstimatedPromptTokens > LargeBatch;

    public override EmptyAnswer JudgeEmpty(FinishReason? finish, bool isExplained) => EmptyAnswer.Empty;

    /// <summary>Most bytes of text that the provider may read, when it reads some of the body more than once.</summary>
    protected virtual long MostBytes(RequestFacts request, int bodyBytes) => bodyBytes;

    /// <summary>Most search units that the provider may bill.</summary>
    protected virtual int MostSearchUnits(RequestFacts request) => 0;

    private long MostTokens(RequestFacts request, int bodyBytes, Endpoint endpoint) =>
        TokenBound.PromptTokens(request, MostBytes(request, bodyBytes) + (long)request.PromptCount * ScaffoldPerInput, endpoint);
}
