using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Upstreams.Auth;

/// <summary>
/// The authentication schemes of this process, by name. A name of <see cref="AuthSchemes"/> that is not among them is known to catalog files but
/// cannot be used: a provider that needs it does not serve. Immutable.
/// </summary>
public sealed class UpstreamAuthSchemes
{
    private readonly FrozenDictionary<string, IUpstreamAuth> byName;

    /// <summary>Indexes the schemes.</summary>
    /// <exception cref="ArgumentException">Two schemes have one name.</exception>
    public UpstreamAuthSchemes(params IEnumerable<IUpstreamAuth> schemes)
    {
        var all = new Dictionary<string, IUpstreamAuth>(StringComparer.Ordinal);
        foreach (var scheme in schemes)
            if (!all.TryAdd(scheme.Name, scheme)) throw new ArgumentException($"Two authentication schemes are called '{scheme.Name}'.", nameof(schemes));
        byName = all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The names, in alphabetical order.</summary>
    public IReadOnlyList<string> Names => [.. byName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The scheme of a name; catalogs are checked when they are loaded, so it exists.</summary>
    public IUpstreamAuth Get(string name) => byName[name];
}
