using EdgeRouter.Core.Governance;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Gateway.Arrival;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Management.Credits;
using EdgeRouter.Gateway.Management.Endpoints;
using EdgeRouter.Gateway.Management.Generations;
using EdgeRouter.Gateway.Management.Health;
using EdgeRouter.Gateway.Management.Keys;
using EdgeRouter.Gateway.Management.Models;
using EdgeRouter.Gateway.Management.Providers;
using EdgeRouter.Gateway.Management.Route;
using EdgeRouter.Gateway.TokenCounting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway;

/// <summary>Every route: those of the registered caller APIs, and those of the management resources.</summary>
internal static class GatewayRoutes
{
    /// <summary>OpenRouter's base path, and the one of OpenAI's clients.</summary>
    private static readonly string[] Roots = ["/api/v1", "/v1"];

    /// <summary>Maps them.</summary>
    /// <param name="routes">The route builder.</param>
    /// <param name="services">The services.</param>
    /// <param name="inference">The stages of a request that calls a model.</param>
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services, RequestDelegate inference)
    {
        foreach (var api in services.GetRequiredService<CallerApis>().All)
            foreach (var path in api.Paths)
                foreach (var pattern in path.StartsWith('/') ? [path] : Roots.Select(root => $"{root}/{path}"))
                {
                    var route = routes.MapPost(pattern, inference).WithMetadata(new InferenceRoute(api), new RequiresKey(KeyKind.Inference));
                    if (api.KeyParameter is { } parameter) route.WithMetadata(new KeyInQuery(parameter));
                }
        foreach (var api in services.GetRequiredService<CallerApis>().All)
            foreach (var path in api.TokenCounting?.Paths ?? [])
                foreach (var pattern in path.StartsWith('/') ? [path] : Roots.Select(root => $"{root}/{path}"))
                    TokenCountRoutes.Map(routes, services, api, pattern);
        HealthApi.Map(routes, services);
        GeminiModelsApi.Map(routes, services);
        foreach (var root in Roots)
        {
            var group = routes.MapGroup(root);
            ModelsApi.Map(group, services);
            EndpointsApi.Map(group, services);
            ProvidersApi.Map(group, services);
            GenerationsApi.Map(group, services);
            KeysApi.Map(group, services);
            CreditsApi.Map(group, services);
            AdjustmentsApi.Map(group, services);
            RouteApi.Map(group, services);
        }
    }
}
