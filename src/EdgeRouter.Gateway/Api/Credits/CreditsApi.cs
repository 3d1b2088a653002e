using EdgeRouter.Core.Governance;
using EdgeRouter.Core.Metering;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway.Api.Credits;

/// <summary><c>GET /credits</c>: the account's limit, or what the operator set as the total, and what all keys used.</summary>
internal static class CreditsApi
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services)
    {
        var totals = services.GetRequiredService<UsageTotals>();
        var settings = services.GetRequiredService<RouterSettings>();
        routes.MapGet("/credits", (RequestDelegate)(async context =>
        {
            var total = settings.Budgets.Account?.Amount.ToDollars() ?? settings.Credits;
            var usage = await totals.ReadAllKeysAsync(context.RequestAborted);
            await ApiJson.WriteAsync(context, (Total: total, usage), static (writer, credits) =>
            {
                writer.WriteStartObject();
                writer.WriteStartObject("data");
                writer.WriteNumber("total_credits", credits.Total);
                writer.WriteNumber("total_usage", credits.usage.AllTime.Cost.ToDollars());
                writer.WriteEndObject();
                writer.WriteEndObject();
            });
        })).WithMetadata(new RequiresKey(KeyKind.Management));
    }
}
