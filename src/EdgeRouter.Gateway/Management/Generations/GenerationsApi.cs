using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Governance;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;
using EdgeRouter.Dialects.Callers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway.Management.Generations;

/// <summary><c>GET /generation?id=</c>: the record of one request. A key sees its own; a management key sees all.</summary>
internal static class GenerationsApi
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services)
    {
        var generations = services.GetRequiredService<GenerationStore>();
        var apis = services.GetRequiredService<CallerApis>();
        routes.MapGet("/generation", (RequestDelegate)(async context =>
        {
            var id = context.Request.Query["id"].ToString();
            if (id.Length == 0) throw new RouterException(RouterError.InvalidField("id", "expected a generation id"));
            var record = GenerationId.TryParse(id, out _, out _) ? await generations.FindAsync(id, context.RequestAborted) : null;
            var caller = context.Features.Get<Caller>()!;
            // Another key's record gives the same answer as a missing one, so that ids cannot be probed.
            if (record is null || (caller.Kind != KeyKind.Management && record.KeyHash != caller.Id && record.KeyHash != caller.KeyHash))
                throw new RouterException(new RouterError(404, ErrorTypes.NotFound, "No generation has this id."));
            await ManagementJson.WriteAsync(context, (record, apis), static (writer, found) =>
            {
                writer.WriteStartObject();
                writer.WritePropertyName("data");
                GenerationJson.Write(writer, found.record, found.apis);
                writer.WriteEndObject();
            });
        }));
    }
}
