using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Dialects;

/// <summary>The dialects that providers are spoken to in, by name. Duplicate names are fatal. Immutable.</summary>
public sealed class ProviderWires
{
    private readonly FrozenDictionary<string, IProviderWire> byName;

    /// <summary>Indexes the dialects.</summary>
    public ProviderWires(params IEnumerable<IProviderWire> dialects)
    {
        var all = new Dictionary<string, IProviderWire>(StringComparer.Ordinal);
        foreach (var dialect in dialects)
            if (!all.TryAdd(dialect.Name, dialect)) throw new ArgumentException($"Two dialects are called '{dialect.Name}'.", nameof(dialects));
        byName = all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>All of them.</summary>
    public IEnumerable<IProviderWire> All => byName.Values;

    /// <summary>What each can carry, for routing.</summary>
    public FrozenDictionary<string, RequestParameters> Carried =>
        byName.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.Carries, StringComparer.Ordinal);

    /// <summary>The dialect of a name; catalogs were checked at load, so it exists.</summary>
    public IProviderWire Get(string name) => byName[name];

    /// <summary>Whether there is a dialect of that name.</summary>
    public bool Contains(string name) => byName.ContainsKey(name);
}
