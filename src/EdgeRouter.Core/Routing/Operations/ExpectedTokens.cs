using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing.Operations;

/// <summary>Expected tokens and cost of a token operation. Endpoints are compared by it, because input and output prices differ.</summary>
public static class ExpectedTokens
{
    /// <summary>Output tokens assumed when the caller sets no bound, and the most that is assumed when the caller sets a larger one.</summary>
    public const int TypicalOutputTokens = 500;

    /// <summary>Output tokens assumed for a request.</summary>
    public static int OutputTokens(RequestFacts request) => Math.Min(request.MaxOutputTokens ?? TypicalOutputTokens, TypicalOutputTokens);

    /// <summary>
    /// USD for the estimated prompt and a typical answer, in binary floating point: for comparison, not for charging. An endpoint without a price is
    /// more expensive than all others.
    /// </summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="request">The request.</param>
    /// <param name="warmTokens">Tokens of the prompt that the endpoint is expected to have in its cache.</param>
    public static double Cost(Endpoint endpoint, RequestFacts request, long warmTokens = 0) => Cost(endpoint, request, warmTokens, OutputTokens(request));

    /// <summary>The same without an answer.</summary>
    public static double PromptCost(Endpoint endpoint, RequestFacts request, long warmTokens) => Cost(endpoint, request, warmTokens, 0);

    private static double Cost(Endpoint endpoint, RequestFacts request, long warmTokens, int outputTokens)
    {
        if (endpoint.Pricing is not { } pricing) return double.MaxValue;
        var prompt = request.EstimatedPromptTokens;
        var (input, output, read) = ((double)pricing.Prompt, (double)pricing.Completion, (double)(pricing.InputCacheRead ?? pricing.Prompt));
        for (var i = 0; i < pricing.Overrides.Count; i++)
        {
            var rule = pricing.Overrides[i];
            if (prompt <= rule.MinPromptTokens) continue;
            input = (double?)rule.Prompt ?? input;
            output = (double?)rule.Completion ?? output;
            read = (double?)rule.InputCacheRead ?? read;
        }
        var warm = Math.Min(warmTokens, prompt);
        return input * (prompt - warm) + read * warm + output * outputTokens + (double)(pricing.Request ?? 0);
    }
}
