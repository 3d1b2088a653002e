using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Routing.Operations;

/// <summary>
/// The most that one attempt of a token operation can be charged. Prompt: no tokenizer in use makes more tokens of a text than it has bytes, and no
/// provider takes more than the endpoint's context. Output: what the caller asked for, where the endpoint heeds that, and reasoning beside it; else
/// the most that the endpoint gives. Stateless, allocates nothing.
/// </summary>
internal static class TokenBound
{
    /// <summary>
    /// Tokens that providers put around a conversation: instructions for tools and formats, marks between turns beyond the JSON that stood for them.
    /// </summary>
    private const int Scaffold = 2048;

    /// <summary>Most tokens of an image at any provider in the table (OpenAI's small models charge the most).</summary>
    private const long PerImage = 50_000;

    /// <summary>Tokens of a file, audio or video where no context bounds them.</summary>
    private const long PerDocument = 1_000_000;

    /// <summary>Output tokens where neither the request nor the catalog bounds them.</summary>
    private const long UnboundedOutput = 131_072;

    /// <summary>Least that the Anthropic writer asks for when a model is to think, beside the answer.</summary>
    private const int LeastReasoning = 1024;

    /// <summary>Most searches in one answer.</summary>
    private const int Searches = 10;

    /// <summary>The whole of it.</summary>
    public static NanoDollars Most(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy) =>
        Of(request, bodyBytes, endpoint, PriceOf(request, endpoint, policy), OutputTokens(request, endpoint, policy));

    /// <summary>Its parts: the prompt, and output tokens of each choice.</summary>
    public static CostBound Of(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy)
    {
        var (pricing, output) = (PriceOf(request, endpoint, policy), OutputTokens(request, endpoint, policy));
        return new CostBound(Of(request, bodyBytes, endpoint, pricing, 0), Of(request, bodyBytes, endpoint, pricing, output), output, CostUnit.Tokens);
    }

    /// <summary>Most output tokens of one choice, reasoning included.</summary>
    private static long OutputTokens(RequestFacts request, Endpoint endpoint, RoutingPolicy policy)
    {
        long most = endpoint.MaxCompletionTokens ?? endpoint.ContextLength ?? UnboundedOutput;
        var reasons = (request.Parameters & RequestParameters.Reasoning) != 0;
        var reasoning = reasons ? Math.Max(request.ReasoningTokens ?? 0, LeastReasoning) : 0;
        if (request.MaxOutputTokens is { } asked && (policy.Supported(endpoint) & RequestParameters.MaxTokens) != 0)
            return Math.Min(most, (long)asked + reasoning);
        return endpoint.MaxCompletionTokens is null && endpoint.ContextLength is null ? most + reasoning : most;
    }

    /// <summary>
    /// The planner leaves out endpoints without any price. Searches that are asked for have the ceiling's price where the endpoint has none for them.
    /// </summary>
    private static Pricing PriceOf(RequestFacts request, Endpoint endpoint, RoutingPolicy policy)
    {
        var pricing = endpoint.Pricing ?? policy.CeilingPrice ?? throw new ArgumentException($"{endpoint.Id} has no price.", nameof(endpoint));
        return request.AsksForSearch && pricing.WebSearch is null && policy.CeilingPrice?.WebSearch is { } search
            ? pricing with { WebSearch = search }
            : pricing;
    }

    private static NanoDollars Of(RequestFacts request, int bodyBytes, Endpoint endpoint, Pricing pricing, long outputTokens)
    {
        // Some endpoints search unasked: whoever has a price for it may charge it.
        return CostCalculator.WorstCase(PromptTokens(request, bodyBytes, endpoint), outputTokens, request.BilledChoices, request.MediaCount, pricing, Searches);
    }

    private static long PromptTokens(RequestFacts request, int bodyBytes, Endpoint endpoint)
    {
        var perItem = (request.Modalities & ~InputModalities.Image) == 0 ? PerImage : PerDocument;
        var bound = bodyBytes + Scaffold + request.MediaCount * perItem;
        // The router's own estimate stands in records where the provider tells nothing.
        bound = Math.Max(bound, request.EstimatedPromptTokens);
        if (endpoint.ContextLength is { } context) bound = Math.Min(bound, (long)context * request.PromptCount);
        if (endpoint.MaxPromptTokens is { } prompt) bound = Math.Min(bound, (long)prompt * request.PromptCount);
        return Math.Max(bound, request.EstimatedPromptTokens);
    }
}
