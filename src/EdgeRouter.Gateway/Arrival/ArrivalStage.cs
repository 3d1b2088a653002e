using EdgeRouter.Core.Metering;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Gateway.Explanation;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Arrival;

/// <summary>
/// Gives an inference request its id and its typed feature, so that every later stage and every error is in the caller's format. Finds out whose client
/// asks for models.
/// </summary>
internal sealed class ArrivalStage(RequestDelegate next, CallerApis apis, TimeProvider time, Random random)
{
    public const string GenerationIdHeader = "X-Generation-Id";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<InferenceRoute>() is { } route)
        {
            var now = time.GetUtcNow();
            var request = new GatewayRequest(route.Api.FormFor(new RequestHead(context)), GenerationId.Create(now, random), now, time.GetTimestamp())
            {
                WantsMetadata = RouterMetadata.IsWanted(context.Request.Headers),
            };
            context.Features.Set(request);
            context.Response.Headers[GenerationIdHeader] = request.GenerationId;
        }
        else if (context.GetEndpoint()?.Metadata.GetMetadata<SpokenApi>() is { } spoken) context.Features.Set(spoken.Api);
        else if (context.GetEndpoint()?.Metadata.GetMetadata<ListsModels>() is not null) context.Features.Set(apis.FindListing(new RequestHead(context)));
        return next(context);
    }
}
