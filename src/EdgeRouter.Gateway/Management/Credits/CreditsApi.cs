using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Governance;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway.Management.Credits;

/// <summary>
/// <c>GET /credits</c>: the account's limit, or the total from the settings, and what all keys used. In a region with a share of the limits: its share, and
/// what was used in it.
/// </summary>
internal static class CreditsApi
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services)
    {
        var spending = services.GetRequiredService<Spending>();
        var settings = services.GetRequiredService<RouterSettings>();
        var share = settings.Budgets.Share;
        routes.MapGet("/credits", (RequestDelegate)(async context =>
        {
            // A limit with a reset period is compared with what was spent in the period.
            var limit = context.Features.Get<Caller>()!.Limits.FirstOrDefault(static limit => limit.Level == BudgetLevel.Account);
            var total = limit?.Amount.ToDollars() ?? settings.Credits * share;
            var report = await spending.ReadAsync(keyHash: null, limit, context.RequestAborted);
            var used = report.Spent ?? report.Usage.AllTime.Cost;
            await ManagementJson.WriteAsync(context, (total, used, share), static (writer, credits) =>
            {
                writer.WriteStartObject();
                writer.WriteStartObject("data");
                writer.WriteNumber("total_credits", credits.total);
                writer.WriteNumber("total_usage", credits.used.ToDollars());
                if (credits.share < 1) writer.WriteNumber(BudgetSettings.ShareMember, credits.share);
                writer.WriteEndObject();
                writer.WriteEndObject();
            });
        })).WithMetadata(new RequiresKey(KeyKind.Management));
    }
}
