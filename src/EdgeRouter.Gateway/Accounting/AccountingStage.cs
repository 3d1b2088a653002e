using EdgeRouter.Core.Errors;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Accounting;

/// <summary>
/// Refuses requests that could not be accounted for (503 with Retry-After), before anything is read and any provider is called: no bill without a
/// record. A refused request has no record either.
/// </summary>
internal sealed class AccountingStage(RequestDelegate next, AccountingState accounting)
{
    /// <summary>How long callers and probes are asked to wait.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public Task InvokeAsync(HttpContext context) => accounting.Admits ? next(context) : Task.FromException(new RouterException(
        new RouterError(503, ErrorTypes.ProviderOverloaded, "The router cannot store usage records now, so it serves no requests that cost money.")
        {
            RetryAfter = RetryAfter,
        }));
}
