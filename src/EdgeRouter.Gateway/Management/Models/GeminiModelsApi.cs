using System.Globalization;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Resolution;
using EdgeRouter.Gateway.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway.Management.Models;

/// <summary><c>GET /v1beta/models</c> and <c>/v1beta/models/{id}</c>: the models as Google's clients read them. The slash of an id may be escaped.</summary>
internal static class GeminiModelsApi
{
    private const int DefaultPage = 50;
    private const int MostOfPage = 1000;

    private static readonly string[] Paths = ["/v1beta/models", "/v1alpha/models", "/api/v1beta/models", "/api/v1alpha/models", "/v1/v1beta/models",
        "/api/v1/v1beta/models"];

    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services)
    {
        var catalog = services.GetRequiredService<ICatalog>();
        var time = services.GetRequiredService<TimeProvider>();
        var key = new KeyInQuery("key");
        foreach (var path in Paths)
        {
            routes.MapGet(path, (RequestDelegate)(context => ListAsync(context, catalog, time))).WithMetadata(key);
            routes.MapGet(path + "/{**id}", (RequestDelegate)(context =>
                ManagementJson.WriteAsync(context, Find(context, catalog), static (writer, model) => Write(writer, model)))).WithMetadata(key);
        }
    }

    private static Task ListAsync(HttpContext context, ICatalog catalog, TimeProvider time)
    {
        var size = Number(context.Request.Query, "pageSize", DefaultPage, 0);
        var from = Number(context.Request.Query, "pageToken", 0, 0);
        var models = ModelQuery.Parse(QueryCollection.Empty).Select(catalog.Current.Models, time.GetUtcNow());
        // As Google has it, 0 is the usual size, and more than the largest is the largest.
        var end = (int)Math.Min(models.Count, (long)from + Math.Min(size == 0 ? DefaultPage : size, MostOfPage));
        return ManagementJson.WriteAsync(context, (models, from, end), static (writer, page) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("models");
            for (var i = page.from; i < page.end; i++) Write(writer, page.models[i]);
            writer.WriteEndArray();
            if (page.end < page.models.Count) writer.WriteString("nextPageToken", page.end.ToString(CultureInfo.InvariantCulture));
            writer.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter writer, Model model)
    {
        writer.WriteStartObject();
        writer.WriteString("name", "models/" + model.Id);
        writer.WriteString("version", model.CanonicalSlug);
        writer.WriteString("displayName", model.Name);
        if (model.Description is { } description) writer.WriteString("description", description);
        if (model.ContextLength is { } context) writer.WriteNumber("inputTokenLimit", context);
        if (model.Endpoints.Max(endpoint => endpoint.MaxCompletionTokens) is { } most) writer.WriteNumber("outputTokenLimit", most);
        writer.StringArray("supportedGenerationMethods", ["generateContent", "streamGenerateContent"]);
        writer.WriteBoolean("thinking", model.Endpoints.Any(endpoint => (endpoint.SupportedParameters & RequestParameters.Reasoning) != 0));
        writer.WriteEndObject();
    }

    private static Model Find(HttpContext context, ICatalog catalog)
    {
        // A path keeps this one escape, since a slash separates segments.
        var id = $"{context.GetRouteValue("id")}".Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return ModelLookup.Find(id, catalog.Current);
    }

    private static int Number(IQueryCollection query, string name, int otherwise, int least)
    {
        if (!query.TryGetValue(name, out var given) || given.ToString().Length == 0) return otherwise;
        return int.TryParse(given.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number : throw new RouterException(RouterError.InvalidField(name, $"expected an integer of at least {least}"));
    }
}
