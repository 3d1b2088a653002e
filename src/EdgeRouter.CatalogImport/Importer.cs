using System.Text.Json;
using EdgeRouter.CatalogImport.Imported;
using EdgeRouter.CatalogImport.ModelsDev;
using EdgeRouter.CatalogImport.OpenRouter;
using EdgeRouter.Upstreams.Providers;

namespace EdgeRouter.CatalogImport;

/// <summary>Recognises the input by its shape.</summary>
internal static class Importer
{
    /// <exception cref="ImportException">It is neither of the two.</exception>
    public static ImportedCatalog Import(JsonElement root, string? sourceDate, ImportReport report)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array)
            return OpenRouterImport.Run(data, sourceDate, report);
        if (root.ValueKind == JsonValueKind.Object && root.EnumerateObject().Any(provider => IsProvider(provider.Value)))
            return new ModelsDevImport(ProviderTable.Read(), Joins.Read(), sourceDate, report).Run(root);
        throw new ImportException("expected the api.json of models.dev (an object of providers) or OpenRouter's /models ({\"data\": [...]})");
    }

    private static bool IsProvider(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("models", out var models) && models.ValueKind == JsonValueKind.Object;
}
