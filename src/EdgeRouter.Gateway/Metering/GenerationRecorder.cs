using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Metering;

/// <summary>Makes the generation record of a request that has ended, however it ended. Stateless.</summary>
internal sealed class GenerationRecorder(RouterSettings settings, Func<RoutingPolicy> policy, TimeProvider time)
{
    private const int LongestHeader = 512;

    public GenerationRecord Create(HttpContext context, GatewayRequest request, RouterError? error)
    {
        error ??= request.StreamError;
        var served = request.Served;
        var progress = served?.Answer?.Progress;
        var lost = LostRaces(request);
        var latency = request.FirstTokenTimestamp is { } first ? time.GetElapsedTime(request.ArrivedTimestamp, first) : (TimeSpan?)null;
        var settled = request.Settled;
        return new GenerationRecord
        {
            Id = request.GenerationId,
            CreatedAt = request.ArrivedAt,
            Region = settings.Region,
            KeyHash = request.Caller!.KeyHash,
            ApiType = request.Dialect.ApiType,
            RequestedModel = request.Routing?.Model ?? "",
            Model = served?.Endpoint.Model.Id,
            ProviderSlug = served?.Endpoint.Provider.Slug,
            ProviderName = served?.Endpoint.Provider.Name,
            EndpointId = served?.Endpoint.Id,
            UpstreamId = progress?.UpstreamId,
            Streamed = request.Routing?.Stream ?? false,
            Cancelled = request.CallerGone,
            Status = Status(context, request, error),
            ErrorType = error?.Type,
            FinishReason = error is not null && served is not null ? WireName(FinishReason.Error) : progress?.FinishReason is { } reason
                ? WireName(reason) : null,
            NativeFinishReason = progress?.NativeFinishReason,
            LatencyMs = latency?.TotalMilliseconds,
            GenerationTimeMs = time.GetElapsedTime(request.ArrivedTimestamp).TotalMilliseconds,
            OverheadMicroseconds = latency is { } total ? (total - request.UpstreamWait).TotalMicroseconds : null,
            Usage = settled?.Report.Usage ?? default,
            UsageSource = settled?.Source ?? UsageSource.Counted,
            Cost = (settled?.Report.Cost ?? NanoDollars.Zero) + lost,
            PromptCost = settled?.Report.PromptCost ?? NanoDollars.Zero,
            CompletionCost = settled?.Report.CompletionCost ?? NanoDollars.Zero,
            CacheDiscount = settled?.CacheDiscount ?? NanoDollars.Zero,
            PromptMedia = request.Routing?.MediaCount,
            ServiceTier = progress?.ServiceTier,
            ExternalUser = request.Routing?.User,
            SessionId = request.Routing?.SessionId,
            HttpReferer = Header(context, "HTTP-Referer") ?? Header(context, "Referer"),
            AppTitle = Header(context, "X-OpenRouter-Title") ?? Header(context, "X-Title"),
            UserAgent = Header(context, "User-Agent"),
            Attempts = ToRecords(request),
        };
    }

    /// <summary>Name of a finish reason on the wire.</summary>
    public static string WireName(FinishReason reason) => reason switch
    {
        FinishReason.Stop => "stop",
        FinishReason.Length => "length",
        FinishReason.ToolCalls => "tool_calls",
        FinishReason.ContentFilter => "content_filter",
        FinishReason.Error => "error",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    private static int Status(HttpContext context, GatewayRequest request, RouterError? error)
    {
        const int CallerClosedRequest = 499;
        if (context.Response.HasStarted) return context.Response.StatusCode;
        return request.CallerGone ? CallerClosedRequest : error?.Status ?? context.Response.StatusCode;
    }

    private AttemptRecord[] ToRecords(GatewayRequest request)
    {
        var entries = request.Attempts.Snapshot();
        var records = new AttemptRecord[entries.Length];
        for (var i = 0; i < records.Length; i++) records[i] = ToRecord(request, entries[i]);
        return records;
    }

    private AttemptRecord ToRecord(GatewayRequest request, AttemptEntry entry)
    {
        // An attempt that served but broke after its first token says how it broke.
        var outcome = entry.Failure?.Class.ToString() ?? (entry == request.Served?.Entry ? "served" : entry.Refused ? "refused" : "Cancelled");
        var latency = time.GetElapsedTime(entry.Started, entry.Ended ?? time.GetTimestamp()).TotalMilliseconds;
        return new AttemptRecord(entry.Endpoint.Id, entry.Endpoint.Provider.Name, entry.Endpoint.Model.Id, entry.Status, outcome, latency,
            InterruptedCost(request, entry) ?? LostRace(request, entry));
    }

    /// <summary>Cost of the part of the answer that the attempt gave before it died; null: it did not. It is in the cost of the whole.</summary>
    private static NanoDollars? InterruptedCost(GatewayRequest request, AttemptEntry entry) =>
        request.Interrupted?.Find(part => part.Entry == entry) is { } part ? part.Settled.Report.Cost ?? NanoDollars.Zero : null;

    private NanoDollars LostRaces(GatewayRequest request)
    {
        var sum = NanoDollars.Zero;
        foreach (var entry in request.Attempts.Snapshot()) sum += LostRace(request, entry);
        return sum;
    }

    /// <summary>
    /// An attempt that did not serve and that the provider may charge all the same. The provider does not say how much, so that the cost is an estimate.
    /// </summary>
    private NanoDollars LostRace(GatewayRequest request, AttemptEntry entry)
    {
        if (entry.Charge == FailureCharge.None || entry == request.Served?.Entry || InterruptedCost(request, entry) is not null) return NanoDollars.Zero;
        var pricing = entry.Endpoint.Pricing ?? policy().CeilingPrice;
        if (pricing is null) return NanoDollars.Zero;
        var usage = new TokenUsage
        {
            Input = request.Routing!.EstimatedPromptTokens,
            Output = UsageSettler.UnseenOutput(request.Routing, entry.Endpoint, entry.Charge),
        };
        return CostCalculator.Price(usage, pricing).Total;
    }

    /// <summary>A header of the caller, without control characters and bounded, since it is stored and shown.</summary>
    private static string? Header(HttpContext context, string name)
    {
        if (!context.Request.Headers.TryGetValue(name, out var values)) return null;
        var value = values.ToString();
        if (value.Length == 0) return null;
        if (value.Length > LongestHeader) value = value[..LongestHeader];
        return value.AsSpan().ContainsAnyInRange('\0', '\x1f') ? new string([.. value.Where(c => !char.IsControl(c))]) : value;
    }
}
