using System.Text.Json.Nodes;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Explanation;

/// <summary>
/// <c>openrouter_metadata</c>: how a request was routed, for callers who request it by header. Beyond OpenRouter's members, <c>params</c> has the
/// ordering and every exclusion with its reason. Built only when requested. Thread-safe.
/// </summary>
internal sealed class RouterMetadata(RouterSettings settings, TimeProvider time)
{
    private const int MaxExclusions = 50;
    private const int MaxEchoedIdLength = 256;
    private static readonly string[] Headers = ["X-OpenRouter-Metadata", "X-OpenRouter-Experimental-Metadata"];

    /// <summary>Whether the caller requests it: <c>enabled</c>, in any case; any other value means no.</summary>
    public static bool IsWanted(IHeaderDictionary headers)
    {
        foreach (var name in Headers)
            if (headers.TryGetValue(name, out var value) && value.Count == 1 && string.Equals(value[0], "enabled", StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary>The object for an answer; null: not requested.</summary>
    public JsonObject? Of(GatewayRequest request) => request is { WantsMetadata: true, IsParsed: true } ? Build(request, error: null) : null;

    /// <summary>The object for an error; null: not requested, nothing was routed, or the error is internal.</summary>
    public JsonObject? Of(GatewayRequest request, RouterError error) =>
        error.Status != StatusCodes.Status500InternalServerError && request is { WantsMetadata: true, IsParsed: true } ? Build(request, error) : null;

    private JsonObject Build(GatewayRequest request, RouterError? error)
    {
        var attempts = request.Attempts.Snapshot();
        var served = error is null && request.IsAnswered ? request.Delivery.Served : null;
        var plan = request.IsPlanned ? request.Plan : null;
        var available = new JsonArray();
        foreach (var candidate in plan?.Candidates ?? [])
            available.Add((JsonNode)new JsonObject
            {
                ["provider"] = candidate.Provider.Name,
                ["model"] = candidate.Model.Id,
                ["selected"] = candidate == served?.Endpoint
            });
        // Without a plan the error itself lists what was excluded.
        var excluded = plan?.Exclusions.Count ?? (error?.Details as NoEndpoint)?.Exclusions.Count ?? 0;
        var requested = request.Facts.Model ?? plan?.Candidates[0].Model.Id ?? "";
        var metadata = new JsonObject
        {
            ["requested"] = requested.Length <= MaxEchoedIdLength ? requested : requested[..MaxEchoedIdLength],
            ["strategy"] = plan?.Strategy ?? RouteStrategies.Direct,
            ["region"] = settings.Region,
            ["summary"] = Summary(available.Count, excluded, served, attempts.Length),
            ["attempt"] = served is null ? attempts.Length : Array.IndexOf(attempts, served) + 1,
            ["is_byok"] = false,
            ["endpoints"] = new JsonObject { ["total"] = available.Count + excluded, ["available"] = available },
            ["attempts"] = new JsonArray([.. attempts.Select(attempt => (JsonNode)new JsonObject
            {
                ["provider"] = attempt.Endpoint.Provider.Name,
                ["model"] = attempt.Endpoint.Model.Id,
                ["status"] = StatusOf(attempt, served),
            })]),
        };
        if (plan is not null) metadata["params"] = Params(plan);
        // From sending the request to the provider to the end of its answer.
        if ((served ?? attempts.LastOrDefault())?.Sent is { } sent) metadata["generation_time"] = (long)time.GetElapsedTime(sent).TotalMilliseconds;
        return metadata;
    }

    private static JsonObject Params(RoutePlan plan) => new()
    {
        ["ordering"] = plan.Ordering,
        ["health_ignored"] = plan.HealthIgnored,
        ["exclusions"] = new JsonArray([.. plan.Exclusions.Take(MaxExclusions).Select(exclusion => (JsonNode)new JsonObject
        {
            ["provider"] = exclusion.Endpoint.Provider.Name,
            ["model"] = exclusion.Endpoint.Model.Id,
            ["reason"] = exclusion.Reason.ToString(),
            ["detail"] = exclusion.Detail,
        })]),
    };

    private static string Summary(int available, int excluded, Attempt? served, int attempts) =>
        $"available={available}, excluded={excluded}, attempts={attempts}, selected={served?.Endpoint.Provider.Name ?? "none"}";

    /// <summary>The provider's status; without one, the status of its failure. An attempt that lost a race counts as closed by the client.</summary>
    private static int StatusOf(Attempt attempt, Attempt? served)
    {
        const int ClosedByClient = 499;
        if (attempt.Status is { } status) return status;
        return attempt == served ? StatusCodes.Status200OK : attempt.Failure?.Traits.Status ?? ClosedByClient;
    }
}
