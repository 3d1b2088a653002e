using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects;
using EdgeRouter.Gateway.Api.Credits;
using EdgeRouter.Gateway.Api.Generations;
using EdgeRouter.Gateway.Api.Health;
using EdgeRouter.Gateway.Api.Keys;
using EdgeRouter.Gateway.Api.Models;
using EdgeRouter.Gateway.Api.Providers;
using EdgeRouter.Gateway.Api.Route;
using EdgeRouter.Gateway.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway.Api;

/// <summary>The routes of the API beside inference, one folder per resource.</summary>
internal static class ResourceRoutes
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services, ICallerApi dialect)
    {
        var settings = services.GetRequiredService<RouterSettings>();
        var catalog = services.GetRequiredService<ICatalog>();
        var time = services.GetRequiredService<TimeProvider>();
        HealthApi.Map(routes, settings);
        foreach (var root in (string[])["/api/v1", "/v1"])
        {
            var group = routes.MapGroup(root);
            ModelsApi.Map(group, catalog, services.GetRequiredService<HealthRegistry>(), time);
            ProvidersApi.Map(group, catalog);
            GenerationsApi.Map(group, services);
            KeysApi.Map(group, services);
            CreditsApi.Map(group, services);
            RouteApi.Map(group, services, dialect);
        }
    }
}
