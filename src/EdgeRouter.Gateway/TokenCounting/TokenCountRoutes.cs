using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Governance;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Gateway.Arrival;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Parsing;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway.TokenCounting;

/// <summary>The counting routes of caller APIs. They pass Authentication and Admission; nothing is charged and nothing is recorded.</summary>
internal static class TokenCountRoutes
{
    /// <summary>Tells how the number was found.</summary>
    public const string SourceHeader = "X-EdgeRouter-Token-Count";

    /// <summary>Maps the routes of an API.</summary>
    /// <param name="routes">The route builder.</param>
    /// <param name="services">The services.</param>
    /// <param name="api">An API whose clients count tokens.</param>
    /// <param name="pattern">A pattern of a route.</param>
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services, ICallerApi api, string pattern)
    {
        var counts = services.GetRequiredService<TokenCounts>();
        var load = services.GetRequiredService<InstanceLoad>();
        var settings = services.GetRequiredService<RouterSettings>();
        var time = services.GetRequiredService<TimeProvider>();
        routes.MapPost(pattern, (RequestDelegate)(async context =>
        {
            if (!api.Reads(context.Request.ContentType))
                throw new RouterException(RouterError.InvalidField("Content-Type", $"expected {api.RequestMediaType}"));
            using var body = await RequestBody.ReadAsync(context.Request, load, settings.Limits, time);
            var counting = api.TokenCounting!;
            var request = RequestReader.Complete(context, api, counting.Read(new RequestHead(context), body.Memory),
                context.Features.GetRequiredFeature<Caller>());
            var count = await counts.CountAsync(api, request, context.RequestAborted);
            context.Response.ContentType = api.AnswerMediaType;
            context.Response.Headers[SourceHeader] = count.Source;
            counting.Write(count.Tokens, context.Response.BodyWriter);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        })).WithMetadata(new SpokenApi(api), new RequiresKey(KeyKind.Inference));
    }
}
