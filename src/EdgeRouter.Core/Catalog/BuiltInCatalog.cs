using System.Reflection;

namespace EdgeRouter.Core.Catalog;

/// <summary>
/// The catalog files that are part of the product (folder BuiltIn): one file per author. The operator's catalog files are merged over them.
/// </summary>
public static class BuiltInCatalog
{
    private const string Prefix = "EdgeRouter.Core.Catalog.BuiltIn.";

    /// <summary>Reads the files, in order of their names. Reads them on every call, so that no memory is held between loads.</summary>
    public static IReadOnlyList<CatalogDocument> ReadDocuments()
    {
        var assembly = typeof(BuiltInCatalog).Assembly;
        var documents = new List<CatalogDocument>();
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
            if (name.StartsWith(Prefix, StringComparison.Ordinal)) documents.Add(new CatalogDocument(name[Prefix.Length..], Read(assembly, name)));
        return documents;
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
