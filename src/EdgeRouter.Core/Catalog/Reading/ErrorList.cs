namespace EdgeRouter.Core.Catalog.Reading;

/// <summary>Collects faults up to <see cref="CatalogException.MaxErrors"/>. Not thread-safe.</summary>
internal sealed class ErrorList
{
    private readonly List<CatalogError> errors = [];

    public bool IsEmpty => errors.Count == 0;

    public void Add(string document, string path, string expectation)
    {
        if (errors.Count < CatalogException.MaxErrors) errors.Add(new CatalogError(document, path, expectation));
    }

    public void ThrowIfAny()
    {
        if (errors.Count > 0) throw new CatalogException(errors);
    }
}
