namespace EdgeRouter.Dialects.Errors;

/// <summary>Codes of <c>error.availability</c>: why no endpoint can serve. Each has a section in the documentation.</summary>
public static class AvailabilityCodes
{
    /// <summary>The name is not one of a model, or of several.</summary>
    public const string ModelNotFound = "model_not_found";

    /// <summary>The model has no endpoint here.</summary>
    public const string NoEndpoints = "no_endpoints";

    /// <summary>Every endpoint was excluded.</summary>
    public const string ConstraintFiltered = "constraint_filtered";

    /// <summary>Every endpoint was excluded for what its provider does with data.</summary>
    public const string PrivacyRestricted = "privacy_restricted";

    /// <summary>All providers refused for their rate limits.</summary>
    public const string CapacityExhausted = "capacity_exhausted";

    /// <summary>No provider has the model.</summary>
    public const string ModelUnavailableUpstream = "model_unavailable_upstream";

    /// <summary>Several providers failed in ways that pass.</summary>
    public const string TemporarilyUnavailable = "temporarily_unavailable";

    /// <summary>The page that explains them; a path of the repository, until the documentation has an address of its own.</summary>
    private const string Page = "docs/errors.md";

    /// <summary>The section that explains a code: <c>docs_url</c>.</summary>
    public static string DocumentationOf(string code) => $"{Page}#{code}";
}
