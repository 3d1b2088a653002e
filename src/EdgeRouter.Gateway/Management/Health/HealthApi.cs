using System.Globalization;
using EdgeRouter.Gateway.Accounting;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway.Management.Health;

/// <summary>
/// For probes, without a key. <c>GET /health</c>: the process lives; restart it when this fails. <c>GET /health/ready</c>: it can serve and account for
/// it; send requests elsewhere while this is 503.
/// </summary>
internal static class HealthApi
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services)
    {
        var region = services.GetRequiredService<RouterSettings>().Region;
        var accounting = services.GetRequiredService<AccountingState>();
        routes.MapMethods("/health", Methods, (RequestDelegate)(context => AnswerAsync(context, new Report("ok", region, null))))
            .WithMetadata(OpenToAll.Instance);
        routes.MapMethods("/health/ready", Methods, (RequestDelegate)(context => ReadyAsync(context, region, accounting))).WithMetadata(OpenToAll.Instance);
    }

    private static Task ReadyAsync(HttpContext context, string region, AccountingState accounting)
    {
        var isReady = accounting.Admits;
        if (!isReady)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = AccountingStage.RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        }
        return AnswerAsync(context, new Report(isReady ? "ready" : "not_ready", region, accounting.IsAvailable ? "ok" : "unavailable"));
    }

    // Anyone may ask: it says what is wrong, and neither why nor where.
    private static Task AnswerAsync(HttpContext context, Report report) => HttpMethods.IsHead(context.Request.Method)
        ? Task.CompletedTask
        : ManagementJson.WriteAsync(context, report, static (writer, report) =>
        {
            writer.WriteStartObject();
            writer.WriteString("status", report.Status);
            writer.WriteString("region", report.Region);
            if (report.Accounting is not null) writer.WriteString("accounting", report.Accounting);
            writer.WriteEndObject();
        });

    private sealed record Report(string Status, string Region, string? Accounting);
}
