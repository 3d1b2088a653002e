using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Selection;

/// <summary>Makes the route plan. Fails with 400 for unknown models, 404 with the exclusion table when no endpoint is left.</summary>
internal sealed class SelectionStage(RequestDelegate next, RouteSelection selection)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = GatewayRequest.Of(context);
        request.Plan = selection.Plan(request.Api, request.Facts);
        return next(context);
    }
}
