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
/// <c>POST /credits/adjustments</c>: an operator corrects what a key or the account has spent. An audit event says who and why, before it is applied.
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
            var order = await ReadAsync(context, load, settings, time);
            CheckRegion(order, settings);
            var caller = order.KeyHash is { } hash ? Find(keys, hash) : null;
            var wanted = new UsageAdjustment(order.IdempotencyKey, caller?.Id, order.Amount, order.Reason, time.GetUtcNow());
            var limits = caller?.Limits ?? [.. keys.Limits.Where(static limit => limit.Level == BudgetLevel.Account)];
            var known = await adjustments.FindAsync(wanted.IdempotencyKey, context.RequestAborted);
            var kept = await adjustments.BeginAsync(wanted, context.RequestAborted);
            if (!kept.IsSameAs(wanted))
                throw new RouterException(new RouterError(409, ErrorTypes.InvalidRequest, "idempotency_key: was used for another adjustment")
                {
                    Field = "idempotency_key",
                });
            await audit.AppendAsync(EventOf(order, kept.CreatedAt, context.Features.Get<Caller>()!), kept.Id, context.RequestAborted);
            // An adjustment that has begun is completed even when the caller disconnects.
            await adjustments.ApplyAsync(kept, limits, CancellationToken.None);
            await ManagementJson.WriteAsync(context, (order, kept.CreatedAt, Repeated: known is not null),
                static (writer, done) => Write(writer, done.order, done.CreatedAt, done.Repeated));
        })).WithMetadata(new RequiresKey(KeyKind.Management));
    }

    private static async Task<AdjustmentOrder> ReadAsync(HttpContext context, InstanceLoad load, RouterSettings settings, TimeProvider time)
    {
        using var body = await RequestBody.ReadAsync(context.Request, load, settings.Limits, time);
        return AdjustmentReader.Read(body.Memory.Span);
    }

    /// <summary>
    /// Front Door may send a call that is repeated to another region. Where regions have ledgers of their own that one does not know the first, and would
    /// apply it again: so the call says which ledger it means.
    /// </summary>
    private static void CheckRegion(AdjustmentOrder order, RouterSettings settings)
    {
        if (order.Region is null && settings.Budgets.RegionsWithShare.Count > 0)
            throw new RouterException(RouterError.InvalidField("region", "required, because regions have shares of the limits; expected the region whose "
                + $"spending is meant. This one is {settings.Region}"));
        if (order.Region is not { } region || settings.Budgets.HaveSameLedger(region, settings.Region)) return;
        var message = $"region: has another ledger than {settings.Region}, which answers; nothing was done. Call that region's own endpoint";
        throw new RouterException(new RouterError(409, ErrorTypes.InvalidRequest, message) { Field = "region" });
    }

    private static Caller Find(KeyRing keys, string hash) => keys.Find(Convert.FromHexString(hash))
        ?? throw new RouterException(new RouterError(404, ErrorTypes.NotFound, "key_hash: there is no key with this hash") { Field = "key_hash" });

    private static AuditEvent EventOf(AdjustmentOrder order, DateTimeOffset now, Caller caller) => new(now, caller.KeyHash, "credits.adjusted",
        order.KeyHash ?? Account)
    {
        Details = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["amount"] = order.Amount.ToString(),
            ["reason"] = order.Reason,
            ["idempotency_key"] = order.IdempotencyKey,
        },
    };

    private static void Write(Utf8JsonWriter writer, AdjustmentOrder order, DateTimeOffset createdAt, bool repeated)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("data");
        writer.StringOrNull("key_hash", order.KeyHash);
        writer.WriteBoolean(Account, order.KeyHash is null);
        writer.WriteNumber("amount", order.Amount.ToDollars());
        writer.WriteString("reason", order.Reason);
        writer.WriteString("idempotency_key", order.IdempotencyKey);
        writer.WriteString("created_at", createdAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
        writer.WriteBoolean("repeated", repeated);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
