using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing;

/// <summary>What a request is expected to cost at an endpoint: the figure by which prices are compared, since input and output prices differ by endpoint.</summary>
public static class ExpectedCost
{
    /// <summary>Output tokens assumed when the caller sets no bound, and the most that is assumed when he sets a larger one.</summary>
    public const int TypicalOutputTokens = 500;

    /// <summary>USD for the estimated prompt and a typical answer. An endpoint without a price is dearer than all others.</summary>
    public static decimal Of(Endpoint endpoint, RoutingRequest request)
    {
        if (endpoint.Pricing is not { } pricing) return decimal.MaxValue;
        var output = Math.Min(request.MaxOutputTokens ?? TypicalOutputTokens, TypicalOutputTokens);
        return pricing.Prompt * request.EstimatedPromptTokens + pricing.Completion * output + (pricing.Request ?? 0);
    }
}
