using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing.Resolution;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Gateway.Arrival;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway.Management.Models;

/// <summary>
/// <c>GET /models</c>, <c>/models/{id}</c>, <c>/models/user</c>, <c>/models/count</c>, <c>/embeddings/models</c>, <c>/model/{author}/{slug}</c> and
/// <c>/models/{author}/{slug}/endpoints</c>. The first two in the shape of the client's API; the slashes of an id may be escaped. An id may be any name
/// that requests may give.
/// </summary>
internal static class ModelsApi
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services)
    {
        var catalog = services.GetRequiredService<ICatalog>();
        var health = services.GetRequiredService<HealthRegistry>();
        var time = services.GetRequiredService<TimeProvider>();
        routes.MapGet("/models", (RequestDelegate)(context => ListAsync(context, ModelQuery.Parse(context.Request.Query), catalog, time)))
            .WithMetadata(ListsModels.Instance);
        routes.MapGet("/models/{**slug}", (RequestDelegate)(context => RetrieveAsync(context, Find(context, catalog)))).WithMetadata(ListsModels.Instance);
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
        if (context.Features.Get<ICallerApi>() is { ModelListing: { } listing } api)
            return WriteAsync(context, api, output => listing.WriteList(selected, new RequestHead(context), output));
        var (page, next) = query.Page(selected, context.Request);
        return ManagementJson.WriteAsync(context, (page, next, selected.Count), static (writer, list) =>
        {
            writer.WriteStartObject();
            writer.WriteString("object", "list");
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

    private static Task RetrieveAsync(HttpContext context, Model model) =>
        context.Features.Get<ICallerApi>() is { ModelListing: { } listing } api
            ? WriteAsync(context, api, output => listing.WriteModel(model, output))
            : ManagementJson.WriteAsync(context, model, static (writer, model) => ModelJson.Write(writer, model));

    private static async Task WriteAsync(HttpContext context, ICallerApi api, Action<IBufferWriter<byte>> write)
    {
        context.Response.ContentType = api.AnswerMediaType;
        write(context.Response.BodyWriter);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static Model Find(HttpContext context, ICatalog catalog)
    {
        var author = context.GetRouteValue("author") is string text ? text + "/" : "";
        return ModelLookup.Find(author + Uri.UnescapeDataString($"{context.GetRouteValue("slug")}"), catalog.Current);
    }
}
