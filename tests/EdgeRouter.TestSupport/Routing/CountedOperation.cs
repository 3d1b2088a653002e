using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Operations;

namespace EdgeRouter.TestSupport.Routing;

/// <summary>
/// An operation that knows no tokens: its output is counted in another unit, and each choice has a price. An endpoint makes as many at once as its output
/// limit says.
/// </summary>
/// <param name="name">Name of the operation.</param>
/// <param name="output">Output modality that a model must have.</param>
/// <param name="unit">What the output is counted in.</param>
public sealed class CountedOperation(string name, string output, OutputUnit unit) : Operation
{
    private const decimal PerChoice = 0.04m;

    /// <summary>Makes images.</summary>
    public static readonly CountedOperation Image = new("image", "image", OutputUnit.Images);

    /// <summary>Whether an answer may take long.</summary>
    public bool TakesLong { get; init; }

    /// <summary>Whether endpoints make output that they do not show.</summary>
    public bool HidesOutput { get; init; }

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string ReportedAs => name;

    /// <inheritdoc/>
    public override OutputUnit OutputUnit => unit;

    /// <inheritdoc/>
    public override double UsualThroughput => 0.1;

    /// <inheritdoc/>
    public override string? MissingOutput(Model model, RequestFacts request) => model.OutputModalities.Contains(output) ? null : $"{output} output";

    /// <inheritdoc/>
    public override Misfit? Misfit(Endpoint endpoint, RequestFacts request) => request.ChoiceCount > endpoint.MaxCompletionTokens
        ? new(ExclusionReason.RequestSize, $"at most {endpoint.MaxCompletionTokens} {OutputUnits.NameOf(unit)}, {request.ChoiceCount} requested") : null;

    /// <inheritdoc/>
    public override bool MayFit(FailureClass failure, Endpoint refused, Endpoint other) => other.MaxCompletionTokens > refused.MaxCompletionTokens;

    /// <inheritdoc/>
    public override NanoDollars WorstCase(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy) =>
        NanoDollars.FromDollars(request.ChoiceCount * PerChoice);

    /// <inheritdoc/>
    public override CostBound Bound(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy) =>
        new(NanoDollars.Zero, WorstCase(request, bodyBytes, endpoint, policy), request.ChoiceCount, unit, RequestFact.OutputCount);

    /// <inheritdoc/>
    public override double ExpectedCost(Endpoint endpoint, RequestFacts request, long warmTokens) => request.ChoiceCount * (double)PerChoice;

    /// <inheritdoc/>
    public override double ExpectedOutput(RequestFacts request) => 1;

    /// <inheritdoc/>
    public override long TypicalOutput(Endpoint endpoint, RequestFacts request) => request.ChoiceCount;

    /// <inheritdoc/>
    public override long MaxOutput(RequestFacts request, Endpoint endpoint, RoutingPolicy policy) => request.ChoiceCount;

    /// <inheritdoc/>
    public override TokenUsage WithOutput(in TokenUsage usage, long output) => usage;

    /// <inheritdoc/>
    public override TokenUsage PossibleUsage(in TokenUsage reported, RequestFacts request, BytesSeen seen, Endpoint endpoint, RoutingPolicy policy) =>
        reported;

    /// <inheritdoc/>
    public override TokenUsage EstimateSent(RequestFacts request) => default;

    /// <inheritdoc/>
    public override TokenUsage CountUsage(RequestFacts request, long outputBytes) => default;

    /// <inheritdoc/>
    public override bool MayTakeLong(RequestFacts request) => TakesLong;

    /// <inheritdoc/>
    public override bool MayHideOutput(RequestFacts request, Endpoint endpoint) => HidesOutput;

    /// <inheritdoc/>
    public override EmptyAnswer JudgeEmpty(FinishReason? finish, bool isExplained) => EmptyAnswer.Empty;
}
