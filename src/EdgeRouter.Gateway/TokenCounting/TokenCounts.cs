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
    /// <summary>Most counts at the same time: a count is free, and must not take what requests that are paid for need.</summary>
    private static readonly int MostAtOnce = 4 * Environment.ProcessorCount;

    private int underway;

    /// <summary>Counts them.</summary>
    /// <param name="api">The API that read the request.</param>
    /// <param name="request">The request; its facts name the account.</param>
    /// <param name="callerGone">The caller disconnected.</param>
    /// <exception cref="RouterException">
    /// As <see cref="RouteSelection.Plan"/> throws it; 400: the request has no texts that could be counted; 429: too many counts at the same time.
    /// </exception>
    public async Task<TokenCount> CountAsync(ICallerApi api, CallerRequest request, CancellationToken callerGone)
    {
        try
        {
            if (Interlocked.Increment(ref underway) > MostAtOnce)
            {
                var busy = new RouterError(429, ErrorTypes.RateLimitExceeded, $"This instance counts the tokens of {MostAtOnce} requests already.");
                throw new RouterException(busy with { RetryAfter = TimeSpan.FromSeconds(1) });
            }
            return await CountOneAsync(api, request, callerGone);
        }
        finally
        {
            Interlocked.Decrement(ref underway);
        }
    }

    private async Task<TokenCount> CountOneAsync(ICallerApi api, CallerRequest request, CancellationToken callerGone)
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
