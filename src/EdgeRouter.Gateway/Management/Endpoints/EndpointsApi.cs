using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Governance;
using EdgeRouter.Core.Governance.Audit;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Health.Snapshots;
using EdgeRouter.Core.Storage;
using EdgeRouter.Gateway.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway.Management.Endpoints;

/// <summary>
/// <c>DELETE /endpoints/{id}/waits</c>: clears what keeps an endpoint from being called (a wait that the provider asked for, open breakers, the
/// learned cap), on this instance at once and on the others within seconds. The id may be written plainly or with its slashes as <c>%2F</c>.
/// </summary>
internal static class EndpointsApi
{
    private const string Suffix = "/waits";

    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services)
    {
        var catalog = services.GetRequiredService<ICatalog>();
        var registry = services.GetRequiredService<HealthRegistry>();
        var store = services.GetRequiredService<ITableStore>();
        var audit = services.GetRequiredService<AuditLog>();
        var time = services.GetRequiredService<TimeProvider>();
        routes.MapDelete("/endpoints/{**path}", (RequestDelegate)(async context =>
        {
            var path = (string?)context.Request.RouteValues["path"] ?? "";
            if (!path.EndsWith(Suffix, StringComparison.Ordinal)) throw NotFound("No such route.");
            var id = Uri.UnescapeDataString(path[..^Suffix.Length]);
            if (!catalog.Current.Models.Any(model => model.Endpoints.Any(endpoint => endpoint.Id == id)))
                throw NotFound("No endpoint has this id. GET /api/v1/models/{author}/{slug}/endpoints lists them.");
            var now = time.GetUtcNow();
            var caller = context.Features.Get<Caller>()!;
            await audit.AppendAsync(new AuditEvent(now, caller.KeyHash, "endpoint.waits.cleared", id), cancellationToken: context.RequestAborted);
            await ClearedWaits.RecordAsync(store, id, now, context.RequestAborted);
            registry.Find(id)?.ClearWaits();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        })).WithMetadata(new RequiresKey(KeyKind.Management));
    }

    private static RouterException NotFound(string message) => new(new RouterError(404, ErrorTypes.NotFound, message));
}
