namespace EdgeRouter.CatalogImport.Imported;

/// <summary>Counts what could not be used, by reason, with the first examples of each.</summary>
internal sealed class ImportReport
{
    private const int ExamplesPerReason = 3;
    private readonly SortedDictionary<string, (int Count, List<string> Examples)> reasons = new(StringComparer.Ordinal);

    /// <summary>Rows left out, by reason.</summary>
    public IReadOnlyDictionary<string, int> Counts => reasons.ToDictionary(pair => pair.Key, pair => pair.Value.Count, StringComparer.Ordinal);

    public void Skip(string reason, string row)
    {
        if (!reasons.TryGetValue(reason, out var entry)) entry = (0, []);
        if (entry.Examples.Count < ExamplesPerReason) entry.Examples.Add(row);
        reasons[reason] = (entry.Count + 1, entry.Examples);
    }

    public void Write(ImportedCatalog catalog, TextWriter output)
    {
        var shared = catalog.Models.Count(model => model.Endpoints.Count > 1);
        output.WriteLine($"{catalog.Models.Count} models ({shared} with two endpoints or more), {catalog.EndpointCount} endpoints");
        output.WriteLine($"{reasons.Values.Sum(entry => entry.Count)} rows could not be used:");
        foreach (var (reason, (count, examples)) in reasons.OrderByDescending(pair => pair.Value.Count))
            output.WriteLine($"{count,6}  {reason}: {string.Join(", ", examples)}{(count > examples.Count ? ", ..." : "")}");
    }
}
