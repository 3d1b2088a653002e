using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Governance;
using EdgeRouter.Gateway.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway.Management.Keys;

/// <summary><c>GET /key</c>: the calling key and what it used. In a region with a share of the limits: its share, and what was used in it.</summary>
internal static class KeysApi
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services)
    {
        var spending = services.GetRequiredService<Spending>();
        var share = services.GetRequiredService<RouterSettings>().Budgets.Share;
        routes.MapGet("/key", (RequestDelegate)(async context =>
        {
            var caller = context.Features.Get<Caller>()!;
            var limit = caller.Limits.FirstOrDefault(static limit => limit.Level == BudgetLevel.Key);
            var report = await spending.ReadAsync(caller.Id, limit, context.RequestAborted);
            await ManagementJson.WriteAsync(context, (caller, limit, report, share),
                static (writer, key) => Write(writer, key.caller, key.limit, key.report, key.share));
        }));
    }

    private static void Write(System.Text.Json.Utf8JsonWriter writer, Caller caller, BudgetLimit? limit, SpendingReport report, decimal share)
    {
        var usage = report.Usage;
        var management = caller.Kind == KeyKind.Management;
        writer.WriteStartObject();
        writer.WriteStartObject("data");
        writer.WriteString("label", caller.Label);
        writer.NumberOrNull("limit", limit?.Amount.ToDollars());
        writer.NumberOrNull("limit_remaining", report.Remaining?.ToDollars());
        writer.StringOrNull("limit_reset", limit is null ? null : BudgetResetNames.Of(limit.Reset));
        if (share < 1) writer.WriteNumber(BudgetSettings.ShareMember, share);
        writer.WriteBoolean("include_byok_in_limit", false);
        writer.WriteNumber("usage", usage.AllTime.Cost.ToDollars());
        writer.WriteNumber("usage_daily", usage.Daily.Cost.ToDollars());
        writer.WriteNumber("usage_weekly", usage.Weekly.Cost.ToDollars());
        writer.WriteNumber("usage_monthly", usage.Monthly.Cost.ToDollars());
        foreach (var name in (string[])["byok_usage", "byok_usage_daily", "byok_usage_weekly", "byok_usage_monthly"]) writer.WriteNumber(name, 0);
        writer.WriteBoolean("is_free_tier", false);
        writer.WriteBoolean("is_management_key", management);
        writer.WriteBoolean("is_provisioning_key", management);
        writer.WriteStartArray("allowed_data_regions");
        writer.WriteStringValue("global");
        writer.WriteEndArray();
        foreach (var name in (string[])["creator_user_id", "organization_id", "workspace_id", "expires_at"]) writer.WriteNull(name);
        // Deprecated members of OpenRouter's API that its clients still require; -1 means "no such limit".
        writer.WriteStartObject("rate_limit");
        writer.WriteNumber("requests", -1);
        writer.WriteString("interval", "10s");
        writer.WriteString("note", "Deprecated; this router has no such limit.");
        writer.WriteEndObject();
        writer.WriteStartObject("free_model_daily_requests");
        foreach (var name in (string[])["limit", "remaining", "used"]) writer.WriteNumber(name, 0);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
