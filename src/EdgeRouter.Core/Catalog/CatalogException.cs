namespace EdgeRouter.Core.Catalog;

/// <summary>One fault of a catalog file or provider setting.</summary>
/// <param name="Document">The file's name, or <c>settings</c>.</param>
/// <param name="Path">Where in it, for example <c>models[3].endpoints[0].pricing.prompt</c>; empty for the whole document.</param>
/// <param name="Expectation">What was expected. Never holds a credential.</param>
public sealed record CatalogError(string Document, string Path, string Expectation)
{
    /// <summary>The fault in one line.</summary>
    public override string ToString() => Path.Length == 0 ? $"{Document}: {Expectation}" : $"{Document}: {Path}: {Expectation}";
}

/// <summary>The catalog cannot be used; holds every fault that was found (the first <see cref="MaxErrors"/>).</summary>
public sealed class CatalogException : Exception
{
    /// <summary>No more than this many faults are kept: a file of another format would have a fault in every row.</summary>
    public const int MaxErrors = 100;

    /// <summary>Lists the faults in the message, one per line.</summary>
    public CatalogException(IReadOnlyList<CatalogError> errors)
        : base($"The catalog cannot be loaded:{Environment.NewLine}{string.Join(Environment.NewLine, errors)}") => Errors = errors;

    /// <summary>The faults, in the order in which they were found.</summary>
    public IReadOnlyList<CatalogError> Errors { get; }
}
