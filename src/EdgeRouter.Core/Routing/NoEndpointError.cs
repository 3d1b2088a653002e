using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Core.Routing;

/// <summary>The errors of a request that no endpoint may serve: they give the reason for every endpoint.</summary>
internal static class NoEndpointError
{
    private const int MaxListedExclusions = 50;
    private const int MaxEchoedIdLength = 200;

    /// <summary>400: there is no such model.</summary>
    public static RouterError ModelNotFound(string field, string id)
    {
        var shown = id.Length <= MaxEchoedIdLength ? id : id[..MaxEchoedIdLength] + "...";
        return new RouterError(400, ErrorTypes.InvalidRequest, $"{field}: '{shown}' is not a model of this router; GET /api/v1/models lists them")
        {
            Field = field,
            Availability = Availability("model_not_found", [shown], null),
        };
    }

    /// <summary>404: endpoints exist, and each was excluded.</summary>
    public static RouterError For(IReadOnlyList<Model> models, IReadOnlyList<Exclusion> exclusions)
    {
        var excludedBy = new SortedSet<string>(StringComparer.Ordinal);
        var table = new JsonArray();
        foreach (var exclusion in exclusions)
        {
            excludedBy.Add(WireName(exclusion.Reason));
            if (table.Count == MaxListedExclusions) continue;
            table.Add((JsonNode)new JsonObject
            {
                ["model"] = exclusion.Endpoint.Model.Id,
                ["endpoint"] = exclusion.Endpoint.Tag,
                ["provider"] = exclusion.Endpoint.Provider.Name,
                ["excluded_by"] = WireName(exclusion.Reason),
                ["detail"] = exclusion.Detail,
            });
        }
        var code = CodeOf(exclusions);
        var ids = models.Select(model => model.Id).ToArray();
        var first = exclusions.Take(3).Select(exclusion => $"{exclusion.Endpoint.Tag} {exclusion.Detail}");
        var message = $"No endpoint of {string.Join(", ", ids)} can serve this request: {string.Join("; ", first)}"
            + (exclusions.Count > 3 ? $"; and {exclusions.Count - 3} more" : "");
        return new RouterError(404, ErrorTypes.NotFound, message)
        {
            Metadata = new JsonObject { ["exclusions"] = table },
            Availability = Availability(code, ids, excludedBy),
        };
    }

    private static JsonObject Availability(string code, IEnumerable<string> models, IEnumerable<string>? excludedBy)
    {
        var availability = new JsonObject
        {
            ["code"] = code,
            ["retryable"] = false,
            ["requested_models"] = new JsonArray([.. models.Select(id => (JsonNode)id)]),
            ["docs_url"] = "https://openrouter.ai/docs/features/provider-routing",
        };
        if (excludedBy is not null) availability["excluded_by"] = new JsonArray([.. excludedBy.Select(name => (JsonNode)name)]);
        return availability;
    }

    private static string CodeOf(IReadOnlyList<Exclusion> exclusions)
    {
        if (exclusions.Count == 0) return "no_endpoints";
        foreach (var exclusion in exclusions)
            if (exclusion.Reason is not (ExclusionReason.DataCollection or ExclusionReason.DataRetention)) return "constraint_filtered";
        return "privacy_restricted";
    }

    private static string WireName(ExclusionReason reason) => reason switch
    {
        ExclusionReason.NotInOnly or ExclusionReason.Ignored or ExclusionReason.FallbacksNotAllowed => "allowed_providers",
        ExclusionReason.Parameter => "require_parameters",
        ExclusionReason.Operation => "operation",
        ExclusionReason.DataCollection => "data_policy:training",
        ExclusionReason.DataRetention => "data_policy:zdr",
        ExclusionReason.NotDistillable => "distillable_text",
        ExclusionReason.Quantization => "quantization",
        ExclusionReason.MaxPrice => "max_price",
        ExclusionReason.ContextLength => "context_length",
        ExclusionReason.RequestSize => "request_size",
        ExclusionReason.Modality => "modality",
        ExclusionReason.NoPrice => "no_price",
        ExclusionReason.ServiceTier => "service_tier",
        ExclusionReason.Region => "data_region",
        ExclusionReason.NotFree => "free_variant",
        ExclusionReason.OtherModel => "model_switch",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
