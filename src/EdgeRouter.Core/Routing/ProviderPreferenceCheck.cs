using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Resolution;

namespace EdgeRouter.Core.Routing;

/// <summary>
/// Refuses names in <c>order</c>, <c>only</c> and <c>ignore</c> that are not a provider's: a misspelt <c>ignore</c> would send data where the caller
/// forbids it. A known provider that does not serve the model is skipped, as in OpenRouter's API. Stateless.
/// </summary>
internal static class ProviderPreferenceCheck
{
    private const int MaxEchoedLength = 64;
    private const int MaxListed = 50;

    /// <exception cref="RouterException">400 naming the entry and who serves here.</exception>
    public static void Run(ProviderPreferences preferences, List<ResolvedModel> models, CatalogSnapshot catalog, IProviderNames elsewhere)
    {
        Check(RequestFact.ProviderOrder, preferences.Order, models, catalog, elsewhere);
        Check(RequestFact.ProviderOnly, preferences.Only, models, catalog, elsewhere);
        Check(RequestFact.ProviderIgnore, preferences.Ignore, models, catalog, elsewhere);
    }

    private static void Check(RequestFact fact, IReadOnlyList<string>? entries, List<ResolvedModel> models, CatalogSnapshot catalog, IProviderNames elsewhere)
    {
        if (entries is null) return;
        for (var i = 0; i < entries.Count; i++)
        {
            if (IsKnown(entries[i], models, catalog, elsewhere)) continue;
            var shown = entries[i].Length <= MaxEchoedLength ? entries[i] : entries[i][..MaxEchoedLength] + "...";
            var here = string.Join(", ", catalog.Providers.Take(MaxListed).Select(provider => provider.Slug).Order(StringComparer.Ordinal));
            throw new RouterException(
                RouterError.InvalidFact(new RequestFault(fact, i),
                $"'{shown}' is not a provider; expected one of {here} (GET /api/v1/providers lists them), or one that serves elsewhere"));
        }
    }

    private static bool IsKnown(string entry, List<ResolvedModel> models, CatalogSnapshot catalog, IProviderNames elsewhere)
    {
        // A tag can be any text of the catalog; the tag of another model's endpoint begins with its provider.
        foreach (var resolved in models)
            foreach (var endpoint in resolved.Model.Endpoints)
                if (ProviderSelector.Matches(entry, endpoint) || string.Equals(entry, endpoint.Provider.Slug, StringComparison.OrdinalIgnoreCase)) return true;
        var slash = entry.IndexOf('/');
        var name = slash < 0 ? entry : entry[..slash];
        if (catalog.FindProvider(name) is not null) return true;
        foreach (var provider in catalog.Providers)
            if (string.Equals(name, provider.Name, StringComparison.OrdinalIgnoreCase)) return true;
        return elsewhere.Contains(name);
    }
}
