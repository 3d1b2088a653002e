using System.Globalization;
using System.Text.Json;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing;

namespace EdgeRouter.Dialects.Errors;

/// <summary>
/// Details of errors as OpenRouter's API has them: members of <c>error.metadata</c>, and <c>error.availability</c> of errors about finding an endpoint.
/// </summary>
internal static class ErrorDetailsJson
{
    private const int MaxListedExclusions = 50;

    /// <summary>Writes the members of <c>metadata</c> after <c>error_type</c>.</summary>
    public static void WriteMetadata(ErrorDetails? details, Utf8JsonWriter json)
    {
        switch (details)
        {
            case UnknownModel { Candidates.Count: > 0 } unknown: WriteTexts("candidates", unknown.Candidates, json); break;
            case NoEndpoint none: WriteExclusions(none.Exclusions, json); break;
            case BudgetExhausted budget: WriteBudget(budget, json); break;
            case ProvidersFailed failed: WriteFailures(failed, json); break;
        }
    }

    /// <summary>Whether the error has an <c>availability</c>.</summary>
    public static bool HasAvailability(ErrorDetails? details) =>
        details is UnknownModel or UnservedModelAsked or NoEndpoint or ProvidersFailed { Unavailability: not null };

    /// <summary>Writes the object.</summary>
    public static void WriteAvailability(RouterError error, Utf8JsonWriter json)
    {
        switch (error.Details)
        {
            case UnknownModel unknown:
                Open(AvailabilityCodes.ModelNotFound, false, [unknown.Model], json);
                break;
            case UnservedModelAsked unserved:
                Open(AvailabilityCodes.NoEndpoints, false, [unserved.Model], json);
                break;
            case NoEndpoint none:
                Open(CodeOf(none.Exclusions), false, none.Models.Select(model => model.Id), json);
                var reasons = new SortedSet<string>(none.Exclusions.Select(exclusion => ExclusionNames.Of(exclusion.Reason)), StringComparer.Ordinal);
                WriteTexts("excluded_by", reasons, json);
                break;
            case ProvidersFailed { Unavailability: { } cause } failed:
                Open(CodeOf(cause), cause != Unavailability.ModelUnavailable, failed.RequestedModels, json);
                WriteTexts("affected_providers", failed.Providers, json);
                if (error.RetryAfter is { } wait) json.WriteNumber("retry_after", (long)Math.Ceiling(wait.TotalSeconds));
                break;
        }
        json.WriteEndObject();
    }

    private static void Open(string code, bool isRetryable, IEnumerable<string> models, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("code", code);
        json.WriteBoolean("retryable", isRetryable);
        WriteTexts("requested_models", models, json);
        json.WriteString("docs_url", AvailabilityCodes.DocumentationOf(code));
    }

    private static void WriteTexts(string name, IEnumerable<string> texts, Utf8JsonWriter json)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void WriteExclusions(IReadOnlyList<Exclusion> exclusions, Utf8JsonWriter json)
    {
        json.WriteStartArray("exclusions");
        foreach (var exclusion in exclusions.Take(MaxListedExclusions))
        {
            json.WriteStartObject();
            json.WriteString("model", exclusion.Endpoint.Model.Id);
            json.WriteString("endpoint", exclusion.Endpoint.Tag);
            json.WriteString("provider", exclusion.Endpoint.Provider.Name);
            json.WriteString("excluded_by", ExclusionNames.Of(exclusion.Reason));
            json.WriteString("detail", exclusion.Detail);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteBudget(BudgetExhausted budget, Utf8JsonWriter json)
    {
        json.WriteString("level", budget.Limit.Level == BudgetLevel.Account ? "account" : "key");
        json.WriteNumber("limit", budget.Limit.Amount.ToDollars());
        json.WriteNumber("limit_remaining", budget.Left.ToDollars());
        json.WriteString("limit_reset", BudgetResetNames.Of(budget.Limit.Reset));
        json.WriteNumber("requested", budget.Asked.ToDollars());
        if (budget.Limit.Share < 1) json.WriteNumber("region_share", budget.Limit.Share);
        if (budget.ResetsAt is { } at) json.WriteString("resets_at", at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
    }

    private static void WriteFailures(ProvidersFailed failed, Utf8JsonWriter json)
    {
        json.WriteString("provider_name", failed.Provider);
        if (failed.Code is not null) json.WriteString("provider_code", failed.Code);
        if (failed.Raw is not null) json.WriteString("raw", failed.Raw);
        if (failed.Earlier.Count == 0) return;
        json.WriteStartArray("previous_errors");
        foreach (var earlier in failed.Earlier)
        {
            json.WriteStartObject();
            json.WriteString("provider", earlier.Provider);
            json.WriteString("code", earlier.Code);
            json.WriteNumber("status", earlier.Status);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string CodeOf(IReadOnlyList<Exclusion> exclusions)
    {
        if (exclusions.Count == 0) return AvailabilityCodes.NoEndpoints;
        foreach (var exclusion in exclusions)
            if (exclusion.Reason is not (ExclusionReason.DataCollection or ExclusionReason.DataRetention)) return AvailabilityCodes.ConstraintFiltered;
        return AvailabilityCodes.PrivacyRestricted;
    }

    private static string CodeOf(Unavailability cause) => cause switch
    {
        Unavailability.CapacityExhausted => AvailabilityCodes.CapacityExhausted,
        Unavailability.ModelUnavailable => AvailabilityCodes.ModelUnavailableUpstream,
        Unavailability.Temporary => AvailabilityCodes.TemporarilyUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, null),
    };
}
