using System.Collections.Frozen;

namespace EdgeRouter.Core.Catalog.Reading;

/// <summary>The names that a provider's row may give: those that the router knows, and those that this process has beside them.</summary>
/// <param name="Wires">Of wire formats.</param>
/// <param name="AuthSchemes">Of authentication schemes.</param>
internal sealed record ProviderFormats(FrozenSet<string> Wires, FrozenSet<string> AuthSchemes)
{
    /// <summary>Those that the router knows.</summary>
    public static readonly ProviderFormats Known = new(WireNames.All, Catalog.AuthSchemes.All);

    /// <summary>Those of a process.</summary>
    public static ProviderFormats Of(CatalogSources sources) => new(With(WireNames.All, sources.Wires), With(Catalog.AuthSchemes.All, sources.AuthSchemes));

    private static FrozenSet<string> With(FrozenSet<string> known, IReadOnlyCollection<string> own) =>
        own.All(known.Contains) ? known : known.Concat(own).ToFrozenSet(StringComparer.Ordinal);
}
