using System.Globalization;
using System.Text.Json;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Governance;
using EdgeRouter.Core.Governance.Audit;
using EdgeRouter.Core.Usage;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway.Management.Credits;

/// <summary>
/// <c>POST /credits/adjustments</c>: an operator corrects what a key or the account has spent. An audit event tells who and why, before it is done.
/// </summary>
internal static class AdjustmentsApi
{
    private const string Account = "account";

    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services)
    {
        var adjustments = services.GetRequiredService<CreditAdjustments>();
        var keys = services.GetRequiredService<KeyRing>();
        var audit = services.GetRequiredService<AuditLog>();
        var settings = services.GetRequiredService<RouterSettings>();
        var load = services.GetRequiredService<InstanceLoad>();
        var time = services.GetRequiredService<TimeProvider>();
        routes.MapPost("/credits/adjustments", (RequestDelegate)(async context =>
        {
            var wanted = await ReadAsync(context, load, settings, time);
            var limits = LimitsOf(wanted, keys);
            var known = await adjustments.FindAsync(wanted.IdempotencyKey, context.RequestAborted);
            if (known is null) await audit.AppendAsync(EventOf(wanted, context.Features.Get<Caller>()!), context.RequestAborted);
            // Once begun it is completed, whether or not anybody waits.
            var kept = known is not null && !known.IsSameAs(wanted) ? known : await adjustments.ApplyAsync(wanted, limits, CancellationToken.None);
            if (!kept.IsSameAs(wanted))
                throw new RouterException(new RouterError(409, ErrorTypes.InvalidRequest, "idempotency_key: was used for another adjustment")
                {
                    Field = "idempotency_key",
                });
            await ManagementJson.WriteAsync(context, (kept, known is not null), static (writer, done) => Write(writer, done.kept, done.Item2));
        })).WithMetadata(new RequiresKey(KeyKind.Management));
    }

    private static async Task<UsageAdjustment> ReadAsync(HttpContext context, InstanceLoad load, RouterSettings settings, TimeProvider time)
    {
        using var body = await RequestBody.ReadAsync(context.Request, load, settings.Limits, time);
        return AdjustmentReader.Read(body.Memory.Span, time.GetUtcNow());
    }

    private static IReadOnlyList<BudgetLimit> LimitsOf(UsageAdjustment adjustment, KeyRing keys)
    {
        if (adjustment.KeyHash is not { } hash) return [.. keys.Limits.Where(static limit => limit.Level == BudgetLevel.Account)];
        return keys.Find(Convert.FromHexString(hash))?.Limits
            ?? throw new RouterException(new RouterError(404, ErrorTypes.NotFound, "key_hash: there is no key with this hash") { Field = "key_hash" });
    }

    private static AuditEvent EventOf(UsageAdjustment adjustment, Caller caller) => new(adjustment.CreatedAt, caller.KeyHash, "credits.adjusted",
        adjustment.KeyHash ?? Account)
    {
        Details = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["amount"] = adjustment.Amount.ToString(),
            ["reason"] = adjustment.Reason,
            ["idempotency_key"] = adjustment.IdempotencyKey,
        },
    };

    private static void Write(Utf8JsonWriter writer, UsageAdjustment adjustment, bool repeated)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("data");
        writer.StringOrNull("key_hash", adjustment.KeyHash);
        writer.WriteBoolean(Account, adjustment.KeyHash is null);
        writer.WriteNumber("amount", adjustment.Amount.ToDollars());
        writer.WriteString("reason", adjustment.Reason);
        writer.WriteString("idempotency_key", adjustment.IdempotencyKey);
        writer.WriteString("created_at", adjustment.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
        writer.WriteBoolean("repeated", repeated);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
