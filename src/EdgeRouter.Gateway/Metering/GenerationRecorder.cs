using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Metering;

/// <summary>Makes the generation record of a request that has ended in any way. Stateless.</summary>
internal sealed class GenerationRecorder(RouterSettings settings, AttemptCharges charges, TimeProvider time)
{
    private const int MaxHeaderLength = 512;

    public GenerationRecord Create(HttpContext context, GatewayRequest request, RouterError? error)
    {
        var delivery = request.IsAnswered ? request.Delivery : null;
        var facts = request.IsParsed ? request.Facts : null;
        error ??= delivery?.StreamError ?? request.ErrorSentEarly;
        var served = delivery?.Served;
        var progress = served?.Answer.Progress;
        var latency = delivery is null ? (TimeSpan?)null : time.GetElapsedTime(request.ArrivedTimestamp, delivery.FirstTokenTimestamp);
        var priced = delivery?.Priced;
        var attempts = request.Attempts.Snapshot();
        var lost = charges.OfLost(request, attempts);
        // Where nothing was served, the record states what is charged nevertheless.
        var charged = priced ?? SumOf(lost);
        return new GenerationRecord
        {
            Id = request.GenerationId,
            CreatedAt = request.ArrivedAt,
            Region = settings.Region,
            KeyHash = request.Caller.Id,
            ApiType = request.Api.Name,
            RequestedModel = facts?.Model ?? "",
            Model = served?.Endpoint.Model.Id,
            ProviderSlug = served?.Endpoint.Provider.Slug,
            ProviderName = served?.Endpoint.Provider.Name,
            EndpointId = served?.Endpoint.Id,
            UpstreamId = progress?.UpstreamId,
            Streamed = facts?.Stream ?? false,
            Cancelled = request.CallerGone,
            Status = Status(context, request, error),
            ErrorType = error?.Type,
            FinishReason = FinishOf(progress?.FinishReason, failed: error is not null && served is not null && request.ErrorSentEarly is null),
            NativeFinishReason = progress?.NativeFinishReason,
            LatencyMs = latency?.TotalMilliseconds,
            GenerationTimeMs = time.GetElapsedTime(request.ArrivedTimestamp).TotalMilliseconds,
            OverheadMicroseconds = latency is { } total ? (total - request.UploadTime - delivery!.UpstreamWait).TotalMicroseconds : null,
            Usage = charged?.Report.Usage ?? default,
            UsageSource = charged?.Source ?? UsageSource.Counted,
            ReportedUsage = priced?.Reported ?? SumOf(lost)?.Reported,
            Cost = AttemptCharges.Total(priced, lost),
            PromptCost = charged?.Report.PromptCost ?? NanoDollars.Zero,
            CompletionCost = charged?.Report.CompletionCost ?? NanoDollars.Zero,
            CacheDiscount = charged?.CacheDiscount ?? NanoDollars.Zero,
            PromptMedia = facts?.MediaCount,
            ServiceTier = progress?.ServiceTier,
            ExternalUser = facts?.User,
            SessionId = facts?.SessionId,
            HttpReferer = Header(context, "HTTP-Referer") ?? Header(context, "Referer"),
            AppTitle = Header(context, "X-OpenRouter-Title") ?? Header(context, "X-Title"),
            UserAgent = Header(context, "User-Agent"),
            Attempts = ToRecords(attempts, lost, served),
        };
    }

    private static PricedAnswer? SumOf(PricedAnswer?[]? lost)
    {
        PricedAnswer? sum = null;
        foreach (var one in lost ?? [])
            if (one is not null) sum = sum is null ? one : AnswerPricer.Add(sum, one);
        return sum;
    }

    private static string? FinishOf(FinishReason? reason, bool failed) => (failed ? FinishReason.Error : reason) switch
    {
        null => null,
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

    private AttemptRecord[] ToRecords(Attempt[] attempts, PricedAnswer?[]? lost, Attempt? served)
    {
        var records = new AttemptRecord[attempts.Length];
        for (var i = 0; i < records.Length; i++) records[i] = ToRecord(attempts[i], attempts[i] == served ? null : lost?[i] ?? attempts[i].Priced, served);
        return records;
    }

    /// <param name="attempt">The attempt.</param>
    /// <param name="charged">Its price if it did not serve: on its own, or as a part of the delivered answer. Null: it served, or is not charged.</param>
    /// <param name="served">The attempt that served.</param>
    private AttemptRecord ToRecord(Attempt attempt, PricedAnswer? charged, Attempt? served)
    {
        // An attempt that served but failed after its first token shows its failure.
        var outcome = attempt.Failure?.Class.ToString() ?? (attempt == served ? "served" : attempt.Refusal is not null ? "refused" : "Cancelled");
        var latency = time.GetElapsedTime(attempt.Started, attempt.Ended ?? time.GetTimestamp()).TotalMilliseconds;
        return new AttemptRecord(attempt.Endpoint.Id, attempt.Endpoint.Provider.Name, attempt.Endpoint.Model.Id, attempt.Status, outcome, latency,
            charged?.Report.Cost ?? NanoDollars.Zero)
        {
            PromptTokens = charged?.Report.Usage.PromptTotal,
            CompletionTokens = charged?.Report.Usage.CompletionTotal,
            UsageSource = charged?.Source,
        };
    }

    /// <summary>A header of the caller, without control characters and with a limited length, because it is stored and shown.</summary>
    private static string? Header(HttpContext context, string name)
    {
        if (!context.Request.Headers.TryGetValue(name, out var values)) return null;
        var value = values.ToString();
        if (value.Length == 0) return null;
        if (value.Length > MaxHeaderLength) value = value[..MaxHeaderLength];
        return value.AsSpan().ContainsAnyInRange('\0', '\x1f') ? new string([.. value.Where(c => !char.IsControl(c))]) : value;
    }
}
