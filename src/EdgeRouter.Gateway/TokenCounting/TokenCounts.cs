using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Selection;

namespace EdgeRouter.Gateway.TokenCounting;

/// <summary>
/// Counts the tokens of a request as the endpoint would that it would go to first: by the provider's own counting route where its wire has one, else,
/// and when it does not answer, by the router's tokenizer. Thread-safe.
/// </summary>
internal sealed class TokenCounts(RouteSelection selection, ProviderTokenCount provider, TokenCounter counter)
{
    /// <summary>Counts them.</summary>
    /// <param name="api">The API that read the request.</param>
    /// <param name="request">The request; its facts name the account.</param>
    /// <param name="callerGone">The caller disconnected.</param>
    /// <exception cref="RouterException">As <see cref="RouteSelection.Plan"/> throws it; 400: the request has no texts that could be counted.</exception>
    public async Task<TokenCount> CountAsync(ICallerApi api, CallerRequest request, CancellationToken callerGone)
    {
        var endpoint = selection.Plan(api, request.Facts).Candidates[0];
        if (await provider.AskAsync(request, endpoint, request.Facts.Account ?? "", callerGone) is { } told)
            return new TokenCount(told, TokenCountSources.Measured);
        var texts = request.Texts
            ?? throw new RouterException(new RouterError(400, ErrorTypes.InvalidRequest, "The tokens of this request cannot be counted."));
        var counted = counter.Count(texts, callerGone);
        // What surrounds messages and media has tokens too.
        return counted with { Tokens = counted.Tokens + request.Facts.EstimatedTokensBesideText };
    }
}
