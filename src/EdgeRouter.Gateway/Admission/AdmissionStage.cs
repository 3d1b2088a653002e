using EdgeRouter.Core.Errors;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Admission;

/// <summary>
/// Refuses requests without reading them: bodies whose declared length is too large (413), and requests beyond the concurrency of this instance (429
/// with Retry-After). All routes that need a key pass it; probes do not, because they must answer when the instance is full.
/// </summary>
internal sealed class AdmissionStage(RequestDelegate next, InstanceLoad load, RouterSettings settings)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.ContentLength > settings.Limits.MaxBodyBytes) throw new RouterException(RequestBody.TooLarge(settings.Limits.MaxBodyBytes));
        var endpoint = context.GetEndpoint();
        return endpoint is null || endpoint.Metadata.GetMetadata<OpenToAll>() is not null ? next(context) : AdmitAsync(context);
    }

    private async Task AdmitAsync(HttpContext context)
    {
        load.Enter();
        try
        {
            await next(context);
        }
        finally
        {
            load.Leave();
        }
    }
}
