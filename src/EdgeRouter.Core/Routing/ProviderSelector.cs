using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing;

/// <summary>How entries of <c>order</c>, <c>only</c> and <c>ignore</c> name endpoints.</summary>
internal static class ProviderSelector
{
    /// <summary>
    /// True when <paramref name="entry"/> is the endpoint's tag, its provider's slug (which means every region and variant, but not service tiers) or
    /// its provider's display name.
    /// </summary>
    public static bool Matches(string entry, Endpoint endpoint) =>
        string.Equals(entry, endpoint.Tag, StringComparison.OrdinalIgnoreCase)
        || (ServiceTiers.Of(endpoint) is null && (string.Equals(entry, endpoint.Provider.Slug, StringComparison.OrdinalIgnoreCase)
            || string.Equals(entry, endpoint.Provider.Name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Position of the first entry that names the endpoint; -1: none.</summary>
    public static int IndexOf(IReadOnlyList<string>? entries, Endpoint endpoint)
    {
        if (entries is null) return -1;
        for (var i = 0; i < entries.Count; i++)
            if (Matches(entries[i], endpoint)) return i;
        return -1;
    }
}
