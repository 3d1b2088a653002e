using System.Text.Json;
using EdgeRouter.CatalogImport.Imported;
using EdgeRouter.CatalogImport.Output;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Upstreams.Providers;

namespace EdgeRouter.CatalogImport.Tests;

/// <summary>The inputs of these tests, and ways to import them.</summary>
internal static class Inputs
{
    /// <summary>Rows of the public models.dev database (MIT, (c) 2025 models.dev), state of 2 July 2026.</summary>
    public const string ModelsDev = "models-dev-excerpt.json";

    public const string OpenRouter = "openrouter-models.json";

    public static byte[] Read(string name)
    {
        using var stream = typeof(Inputs).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static ImportedCatalog Import(ReadOnlyMemory<byte> json, ImportReport report)
    {
        using var document = JsonDocument.Parse(json);
        return Importer.Import(document.RootElement, "2026-07-02", report);
    }

    /// <summary>Writes the catalog and loads it with every provider serving: what the importer writes must be what the loader takes.</summary>
    public static CatalogSnapshot Load(ImportedCatalog catalog) => CatalogLoader.Load(EveryProvider(CatalogFileWriter.Write(catalog.Models)));

    public static CatalogSources EveryProvider(byte[] catalog)
    {
        var providers = ProviderTable.Read();
        return new CatalogSources
        {
            Providers = providers,
            Documents = [new CatalogDocument("imported.json", catalog)],
            Settings = providers.ToDictionary(provider => provider.Slug, provider =>
            {
                var settings = new ProviderSettings { ApiKey = "key", Enabled = true };
                foreach (var variable in provider.Variables?.Keys ?? []) settings.Variables[variable] = "team";
                return settings;
            }),
        };
    }
}
