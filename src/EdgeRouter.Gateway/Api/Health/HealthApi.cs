using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeRouter.Gateway.Api.Health;

/// <summary><c>GET /health</c>, without a key, for probes.</summary>
internal static class HealthApi
{
    public static void Map(IEndpointRouteBuilder routes, RouterSettings settings) =>
        routes.MapMethods("/health", [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)(context => HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : ApiJson.WriteAsync(context, settings.Region, static (writer, region) =>
            {
                writer.WriteStartObject();
                writer.WriteString("status", "ok");
                writer.WriteString("region", region);
                writer.WriteEndObject();
            }))).WithMetadata(OpenToAll.Instance);
}
