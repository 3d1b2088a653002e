using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing.Resolution;

/// <summary>A model that a request names, and what the name's suffixes ask for.</summary>
/// <param name="Model">The model.</param>
/// <param name="Strategy">How it was found: a word of <see cref="RouteStrategies"/>.</param>
internal readonly record struct ResolvedModel(Model Model, string Strategy)
{
    /// <summary>Ordering that a suffix asks for; null: none.</summary>
    public string? Sort { get; init; }

    /// <summary><c>:nitro</c>: priority endpoints compete.</summary>
    public bool AdmitsPriority { get; init; }

    /// <summary><c>:floor</c>: flex endpoints compete.</summary>
    public bool AdmitsFlex { get; init; }

    /// <summary><c>:free</c> on a model without a row of its own for it: endpoints without a price only.</summary>
    public bool FreeOnly { get; init; }
}
