using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Upstreams.Providers;

/// <summary>
/// The provider table: the router's facts about each provider, as data (providers.json, in the schema of a catalog file's <c>providers</c>). A
/// provider is added by a row there, or by an operator's catalog file; no code names one.
/// </summary>
public static class ProviderTable
{
    private const string Resource = "EdgeRouter.Upstreams.Providers.providers.json";

    /// <summary>Reads the table. Nothing is kept: call it once per load.</summary>
    /// <exception cref="CatalogException">The table is malformed.</exception>
    public static IReadOnlyList<ProviderDefinition> Read() => CatalogLoader.ReadProviders(ReadDocument());

    /// <summary>The table's bytes.</summary>
    internal static CatalogDocument ReadDocument()
    {
        using var stream = typeof(ProviderTable).Assembly.GetManifestResourceStream(Resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new CatalogDocument("providers.json", bytes);
    }
}
