using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Routing.Operations;

/// <summary>
/// Upper bound of the cost of one attempt of a token operation. Prompt: no tokenizer in use makes more tokens than a text has bytes, and no provider
/// accepts more than the endpoint's context. Output: the caller's limit plus reasoning, where the endpoint supports the limit; otherwise the
/// endpoint's own limit. Stateless, allocates nothing.
/// </summary>
internal static class TokenBound
{
    /// <summary>Tokens that providers add to a conversation: instructions for tools and formats, and marks between turns.</summary>
    private const int Scaffold = 2048;

    /// <summary>Most tokens of an image at any provider in the table (OpenAI's small models charge the most).</summary>
    private const long PerImage = 50_000;

    /// <summary>Tokens of a file, audio or video when no context limits them.</summary>
    private const long PerDocument = 1_000_000;

    /// <summary>Output tokens when neither the request nor the catalog limits them.</summary>
    private const long UnboundedOutput = 131_072;

    /// <summary>Smallest reasoning budget that the Anthropic writer requests, in addition to the answer.</summary>
    private const int MinReasoning = 1024;

    /// <summary>Most searches in one answer.</summary>
    private const int Searches = 10;

    /// <summary>Largest number of searches that is believed. Some models search without a request for it.</summary>
    private const int MaxSearches = 1000;

    /// <summary>The total.</summary>
    public static NanoDollars Most(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy) =>
        Of(request, bodyBytes, endpoint, PriceOf(request, endpoint, policy), OutputTokens(request, endpoint, policy));

    /// <summary>Its parts: the prompt, and output tokens of each choice.</summary>
    public static CostBound Of(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy)
    {
        var (pricing, output) = (PriceOf(request, endpoint, policy), OutputTokens(request, endpoint, policy));
        return new CostBound(Of(request, bodyBytes, endpoint, pricing, 0), Of(request, bodyBytes, endpoint, pricing, output), output, OutputUnit.Tokens,
            RequestFact.OutputLimit);
    }

    /// <summary>Most output tokens of all choices together, reasoning included.</summary>
    public static long Output(RequestFacts request, Endpoint endpoint, RoutingPolicy policy) =>
        Math.Min(OutputTokens(request, endpoint, policy) * request.BilledChoices, TokenUsage.MaxTokens);

    /// <summary>What of reported usage can be true: no class below zero, and in sum no more than the request and the endpoint allow.</summary>
    /// <param name="reported">What the provider said.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="seen">What passed: content that came back is there, however little was allowed.</param>
    /// <param name="endpoint">Where.</param>
    /// <param name="policy">Says which parameters the endpoint heeds.</param>
    public static TokenUsage Possible(in TokenUsage reported, RequestFacts request, BytesSeen seen, Endpoint endpoint, RoutingPolicy policy) =>
        Possible(reported, PromptTokens(request, seen.Sent, endpoint), Math.Max(Output(request, endpoint, policy), seen.Received));

    /// <summary>What of reported usage can be true: no class below zero, and in sum no more than so many tokens.</summary>
    /// <param name="reported">What the provider said.</param>
    /// <param name="prompt">Most tokens of the prompt.</param>
    /// <param name="output">Most tokens of the output.</param>
    public static TokenUsage Possible(in TokenUsage reported, long prompt, long output)
    {
        prompt = Math.Min(prompt, TokenUsage.MaxTokens);
        output = Math.Min(output, TokenUsage.MaxTokens);
        var most = output;
        return reported with
        {
            Input = Take(reported.Input, ref prompt),
            CacheWrite1h = Take(reported.CacheWrite1h, ref prompt),
            CacheWrite5m = Take(reported.CacheWrite5m, ref prompt),
            CacheRead = Take(reported.CacheRead, ref prompt),
            InputAudio = Take(reported.InputAudio, ref prompt),
            InputImage = Take(reported.InputImage, ref prompt),
            InputVideo = Take(reported.InputVideo, ref prompt),
            Output = Take(reported.Output, ref output),
            Reasoning = Take(reported.Reasoning, ref output),
            OutputAudio = Take(reported.OutputAudio, ref output),
            OutputImage = Take(reported.OutputImage, ref output),
            AcceptedPrediction = Cut(reported.AcceptedPrediction, most),
            RejectedPrediction = Cut(reported.RejectedPrediction, most),
            WebSearches = (int?)Cut(reported.WebSearches, MaxSearches),
        };
    }

    private static long? Take(long? count, ref long left)
    {
        if (Cut(count, left) is not { } taken) return null;
        left -= taken;
        return taken;
    }

    private static long? Cut(long? count, long most) => count is { } known ? Math.Clamp(known, 0, most) : null;

    /// <summary>Most output tokens of one choice, reasoning included.</summary>
    private static long OutputTokens(RequestFacts request, Endpoint endpoint, RoutingPolicy policy)
    {
        long most = endpoint.MaxCompletionTokens ?? endpoint.ContextLength ?? UnboundedOutput;
        var reasons = (request.Parameters & RequestParameters.Reasoning) != 0;
        var reasoning = reasons ? Math.Max(request.ReasoningTokens ?? 0, MinReasoning) : 0;
        if (request.MaxOutputTokens is { } asked && (policy.Supported(endpoint) & RequestParameters.MaxTokens) != 0)
            return Math.Min(most, (long)asked + reasoning);
        return endpoint.MaxCompletionTokens is null && endpoint.ContextLength is null ? most + reasoning : most;
    }

    /// <summary>
    /// The planner leaves out endpoints without any price. Searches that are asked for have the ceiling's price where the endpoint has none for them.
    /// </summary>
    public static Pricing PriceOf(RequestFacts request, Endpoint endpoint, RoutingPolicy policy)
    {
        var pricing = endpoint.Pricing ?? policy.CeilingPrice ?? throw new ArgumentException($"{endpoint.Id} has no price.", nameof(endpoint));
        return request.AsksForSearch && KeepsSearch(request, endpoint) && pricing.WebSearch is null && policy.CeilingPrice?.WebSearch is { } search
            ? pricing with { WebSearch = search }
            : pricing;
    }

    /// <summary>Elsewhere a search beside other tools is left out.</summary>
    private static bool KeepsSearch(RequestFacts request, Endpoint endpoint) => request.SearchWire is null || endpoint.Provider.Wire == request.SearchWire;

    private static NanoDollars Of(RequestFacts request, int bodyBytes, Endpoint endpoint, Pricing pricing, long outputTokens)
    {
        // Some endpoints search unasked: whoever has a price for it may charge it.
        return CostCalculator.WorstCase(PromptTokens(request, bodyBytes, endpoint), outputTokens, request.BilledChoices, request.MediaCount, pricing, Searches);
    }

    /// <summary>Tokens that each prompt certainly has, on average: a token of any tokenizer in use is rarely over 6 bytes on average.</summary>
    public static long LeastPrompt(RequestFacts request) => request.TextBytes / 6 / request.PromptCount;

    /// <summary>Most tokens of all prompts together.</summary>
    public static long PromptTokens(RequestFacts request, long bodyBytes, Endpoint endpoint)
    {
        var perItem = (request.Modalities & ~InputModalities.Image) == 0 ? PerImage : PerDocument;
        var bound = bodyBytes + Scaffold + request.MediaCount * perItem;
        // What a search or another tool of the provider finds is input, too.
        if ((request.Parameters & RequestParameters.WebSearchOptions) != 0 || request.RequiredWire is not null
            || (request.SearchWire is not null && KeepsSearch(request, endpoint)))
            bound += endpoint.ContextLength ?? PerDocument;
        // Records contain the router's own estimate when the provider reports nothing.
        bound = Math.Max(bound, request.EstimatedPromptTokens);
        if (endpoint.ContextLength is { } context) bound = Math.Min(bound, (long)context * request.PromptCount);
        if (endpoint.MaxPromptTokens is { } prompt) bound = Math.Min(bound, (long)prompt * request.PromptCount);
        return Math.Max(bound, request.EstimatedPromptTokens);
    }
}
