using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway.Management.Health;

/// <summary><c>GET /health</c>, without a key, for probes.</summary>
internal static class HealthApi
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services) =>
        routes.MapMethods("/health", [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)(context => HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : ManagementJson.WriteAsync(context, services.GetRequiredService<RouterSettings>().Region, static (writer, region) =>
            {
                writer.WriteStartObject();
                writer.WriteString("status", "ok");
                writer.WriteString("region", region);
                writer.WriteEndObject();
            }))).WithMetadata(OpenToAll.Instance);
}
