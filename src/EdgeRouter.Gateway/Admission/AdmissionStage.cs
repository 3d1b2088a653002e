using EdgeRouter.Core.Errors;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Admission;

/// <summary>
/// Refuses requests without reading them: bodies whose declared length is too large (413), and requests beyond the concurrency of this instance (429
/// with Retry-After).
/// </summary>
internal sealed class AdmissionStage(RequestDelegate next, RouterSettings settings)
{
    private int inFlight;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.ContentLength > settings.Limits.MaxBodyBytes) throw new RouterException(RequestBody.TooLarge(settings.Limits.MaxBodyBytes));
        try
        {
            if (Interlocked.Increment(ref inFlight) > settings.Limits.MaxConcurrentRequests)
            {
                var most = settings.Limits.MaxConcurrentRequests;
                var busy = new RouterError(429, ErrorTypes.RateLimitExceeded,
                    $"This instance already serves {most} requests (EdgeRouter__Limits__MaxConcurrentRequests).");
                throw new RouterException(busy with { RetryAfter = TimeSpan.FromSeconds(1) });
            }
            await next(context);
        }
        finally
        {
            Interlocked.Decrement(ref inFlight);
        }
    }
}
