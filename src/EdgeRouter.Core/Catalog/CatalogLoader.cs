using EdgeRouter.Core.Catalog.Building;
using EdgeRouter.Core.Catalog.Reading;

namespace EdgeRouter.Core.Catalog;

/// <summary>Turns the provider table, catalog files and settings into a snapshot. Pure: opens no file, keeps no state; thread-safe.</summary>
public static class CatalogLoader
{
    /// <summary>
    /// Loads everything. In the snapshot are the providers that have a credential (or need none and are enabled), and the models that they serve.
    /// Rows of other providers are checked too, then dropped.
    /// </summary>
    /// <exception cref="CatalogException">Something is wrong; lists every fault with document, JSON path and expectation.</exception>
    public static CatalogSnapshot Load(CatalogSources sources)
    {
        var errors = new ErrorList();
        var documents = new DocumentReader(errors, ProviderFormats.Of(sources));
        var rows = new List<(string Document, List<ProviderDefinition> Rows)>(sources.Documents.Count);
        foreach (var document in sources.Documents) rows.Add((document.Name, documents.ReadProviders(document)));

        var definitions = new Dictionary<string, ProviderDefinition>(StringComparer.Ordinal);
        var resolver = new ProviderResolver(sources, errors);
        var serving = resolver.Resolve(rows, definitions);

        var models = new Dictionary<string, ModelDraft>(StringComparer.Ordinal);
        var reader = new ModelReader(definitions, serving.ContainsKey, models);
        foreach (var document in sources.Documents) documents.ReadModels(document, reader);

        var missing = new MissingSettings(resolver, definitions);
        var snapshot = errors.IsEmpty ? new SnapshotBuilder(serving, missing, errors).Build(models, resolver.Skipped) : CatalogSnapshot.Empty;
        errors.ThrowIfAny();
        return snapshot;
    }

    /// <summary>Reads only the <c>providers</c> of a document, in order: what the provider table is made of.</summary>
    /// <exception cref="CatalogException">Something is wrong; lists every fault.</exception>
    public static IReadOnlyList<ProviderDefinition> ReadProviders(CatalogDocument document)
    {
        var errors = new ErrorList();
        var rows = new DocumentReader(errors, ProviderFormats.Known).ReadProviders(document);
        errors.ThrowIfAny();
        return rows;
    }
}
