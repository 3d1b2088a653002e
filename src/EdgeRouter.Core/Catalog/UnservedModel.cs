namespace EdgeRouter.Core.Catalog;

/// <summary>A model of the catalog files that no provider of this router serves. Immutable.</summary>
/// <param name="Id"><c>author/slug</c>.</param>
/// <param name="Settings">
/// Environment variables, each of which would bring a provider that serves it, best first; empty: none would. They are names, never values.
/// </param>
public sealed record UnservedModel(string Id, IReadOnlyList<string> Settings);
