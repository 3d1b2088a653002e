using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway.Management.Models;

/// <summary>
/// <c>GET /models</c>, <c>/models/user</c>, <c>/models/count</c>, <c>/embeddings/models</c>, <c>/model/{author}/{slug}</c> and
/// <c>/models/{author}/{slug}/endpoints</c>.
/// </summary>
internal static class ModelsApi
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services)
    {
        var catalog = services.GetRequiredService<ICatalog>();
        var health = services.GetRequiredService<HealthRegistry>();
        var time = services.GetRequiredService<TimeProvider>();
        routes.MapGet("/models", (RequestDelegate)(context => ListAsync(context, ModelQuery.Parse(context.Request.Query), catalog, time)));
        routes.MapGet("/models/user", (RequestDelegate)(context => ListAsync(context, ModelQuery.Parse(context.Request.Query), catalog, time)));
        routes.MapGet("/embeddings/models",
            (RequestDelegate)(context => ListAsync(context, ModelQuery.Parse(context.Request.Query, "embeddings"), catalog, time)));
        routes.MapGet("/models/count", (RequestDelegate)(context =>
        {
            var count = ModelQuery.Parse(context.Request.Query).Select(catalog.Current.Models, time.GetUtcNow()).Count;
            return ManagementJson.WriteAsync(context, count, static (writer, count) =>
            {
                writer.WriteStartObject();
                writer.WriteStartObject("data");
                writer.WriteNumber("count", count);
                writer.WriteEndObject();
                writer.WriteEndObject();
            });
        }));
        routes.MapGet("/model/{author}/{**slug}",
            (RequestDelegate)(context => ManagementJson.WriteAsync(context, Find(context, catalog), static (writer, model) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("data");
            ModelJson.Write(writer, model);
            writer.WriteEndObject();
        })));
        routes.MapGet("/models/{author}/{slug}/endpoints",
            (RequestDelegate)(context => ManagementJson.WriteAsync(context, (model: Find(context, catalog), health), static (writer, asked) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("data");
            EndpointJson.WriteModelWithEndpoints(writer, asked.model, asked.health);
            writer.WriteEndObject();
        })));
    }

    private static Task ListAsync(HttpContext context, ModelQuery query, ICatalog catalog, TimeProvider time)
    {
        var selected = query.Select(catalog.Current.Models, time.GetUtcNow());
        var (page, next) = query.Page(selected, context.Request);
        return ManagementJson.WriteAsync(context, (page, next, selected.Count), static (writer, list) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("data");
            foreach (var model in list.page) ModelJson.Write(writer, model);
            writer.WriteEndArray();
            writer.WriteNumber("total_count", list.Count);
            writer.WriteStartObject("links");
            writer.StringOrNull("next", list.next);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    private static Model Find(HttpContext context, ICatalog catalog)
    {
        var id = $"{context.GetRouteValue("author")}/{context.GetRouteValue("slug")}";
        return catalog.Current.FindModel(id)
            ?? throw new RouterException(new RouterError(404, ErrorTypes.NotFound, "The router does not serve this model; GET /api/v1/models lists models."));
    }
}
