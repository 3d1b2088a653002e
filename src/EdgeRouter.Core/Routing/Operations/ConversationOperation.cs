using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Routing.Operations;

/// <summary>Chat, and what all operations share that generate tokens from a conversation or a prompt. Bounded and priced by tokens.</summary>
/// <param name="name">Name of the operation.</param>
/// <param name="outputs">Output modalities of which a model must have one.</param>
internal class ConversationOperation(string name, string[] outputs) : Operation
{
    /// <summary>Tokens of a prompt from which on the first token may take as long as a provider may.</summary>
    private const int LongPrompt = 100_000;

    public override string Name => name;

    public override string ReportedAs => "completions";

    public override bool IsConversation => true;

    public override string? MissingOutput(Model model, RequestFacts request)
    {
        if (request.WantsImageOutput && !model.OutputModalities.Contains("image")) return "image output";
        if (request.WantsAudioOutput && !model.OutputModalities.Contains("audio")) return "audio output";
        foreach (var output in outputs)
            if (model.OutputModalities.Contains(output)) return null;
        return $"{outputs[0]} output";
    }

    public override OutputUnit OutputUnit => OutputUnit.Tokens;

    public override double UsualThroughput => 50;

    public override OutputAmount OutputOf(in TokenUsage? usage, double counted) => new(usage?.CompletionTotal ?? 0, OutputUnit.Tokens);

    public override Misfit? Misfit(Endpoint endpoint, RequestFacts request)
    {
        if (request.MaxOutputTokens is { } asked && endpoint.MaxCompletionTokens is { } most && asked > most)
            return TooLong($"at most {most} output tokens, {asked} requested");
        // Only what certainly does not fit is refused here.
        var leastPrompt = TokenBound.LeastPrompt(request);
        if (endpoint.MaxPromptTokens is { } prompt && leastPrompt > prompt) return TooLong($"at most {prompt} prompt tokens, at least {leastPrompt} given");
        if (endpoint.ContextLength is { } context && leastPrompt + (request.MaxOutputTokens ?? 0) > context)
            return TooLong($"context of {context} tokens, at least {leastPrompt + (request.MaxOutputTokens ?? 0)} needed");
        return null;
    }

    public override bool MayFit(FailureClass failure, Endpoint refused, Endpoint other)
    {
        var (had, has) = failure == FailureClass.MaxTokens
            ? (refused.MaxCompletionTokens, other.MaxCompletionTokens) : (refused.ContextLength, other.ContextLength);
        return had is null || has is null || has > had;
    }

    public override NanoDollars WorstCase(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy) =>
        TokenBound.Most(request, bodyBytes, endpoint, policy);

    public override CostBound Bound(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy) =>
        TokenBound.Of(request, bodyBytes, endpoint, policy);

    public override double ExpectedCost(Endpoint endpoint, RequestFacts request, long warmTokens) => ExpectedTokens.Cost(endpoint, request, warmTokens);

    public override double ExpectedOutput(RequestFacts request) => ExpectedTokens.OutputTokens(request);

    public override long TypicalOutput(Endpoint endpoint, RequestFacts request) =>
        (long)Math.Min(ExpectedTokens.OutputTokens(request), endpoint.MaxCompletionTokens ?? int.MaxValue) * request.ChoiceCount;

    public override long MaxOutput(RequestFacts request, Endpoint endpoint, RoutingPolicy policy) => TokenBound.Output(request, endpoint, policy);

    // Reasoning that the provider sent is inside the estimate of the whole.
    public override TokenUsage WithOutput(in TokenUsage usage, long output) =>
        output > usage.CompletionTotal ? usage with { Output = output - (usage.CompletionTotal - (usage.Output ?? 0)) } : usage;

    public override TokenUsage PossibleUsage(in TokenUsage reported, RequestFacts request, BytesSeen seen, Endpoint endpoint, RoutingPolicy policy) =>
        TokenBound.Possible(reported, request, seen, endpoint, policy);

    public override TokenUsage EstimateSent(RequestFacts request) => new() { Input = request.EstimatedPromptTokens };

    public override TokenUsage CountUsage(RequestFacts request, long outputBytes)
    {
        const int BytesPerToken = 4;
        var output = (outputBytes + BytesPerToken - 1) / BytesPerToken;
        return new() { Input = request.EstimatedPromptTokens, Output = output };
    }

    public override bool MayTakeLong(RequestFacts request) =>
        !request.Stream || (request.Parameters & RequestParameters.Reasoning) != 0 || request.EstimatedPromptTokens > LongPrompt;

    public override bool MayHideOutput(RequestFacts request, Endpoint endpoint) =>
        ((request.Parameters | endpoint.SupportedParameters) & RequestParameters.Reasoning) != 0;

    // A stop sequence may be the first thing that the model says, and a text that it goes on with may be complete.
    public override bool MayAnswerNothing(RequestFacts request) =>
        (request.Parameters & RequestParameters.Stop) != 0 || request.EndsWithAssistant;

    public override EmptyAnswer JudgeEmpty(FinishReason? finish, bool isExplained) => finish switch
    {
        FinishReason.ContentFilter or FinishReason.Length => EmptyAnswer.Good,
        FinishReason.Stop when isExplained => EmptyAnswer.Good,
        null => EmptyAnswer.Truncated,
        _ => EmptyAnswer.Empty,
    };

    private static Misfit TooLong(string detail) => new(ExclusionReason.ContextLength, detail);
}
