using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing.Operations;

namespace EdgeRouter.Dialects.Wires;

/// <summary>The wires that the router speaks, by name. Duplicate names are fatal. Immutable.</summary>
public sealed class ProviderWires
{
    private readonly FrozenDictionary<string, IProviderWire> byName;

    /// <summary>Indexes the wires.</summary>
    /// <exception cref="ArgumentException">Two wires have one name.</exception>
    public ProviderWires(params IEnumerable<IProviderWire> wires)
    {
        var all = new Dictionary<string, IProviderWire>(StringComparer.Ordinal);
        foreach (var wire in wires)
            if (!all.TryAdd(wire.Name, wire)) throw new ArgumentException($"Two wires are called '{wire.Name}'.", nameof(wires));
        byName = all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>All of them.</summary>
    public IEnumerable<IProviderWire> All => byName.Values;

    /// <summary>What each can carry, for routing.</summary>
    public FrozenDictionary<string, RequestParameters> Carried =>
        byName.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.Carries, StringComparer.Ordinal);

    /// <summary>Names of those among <paramref name="operations"/> that each wire has a path for.</summary>
    public FrozenDictionary<string, FrozenSet<string>> PathsFor(IEnumerable<Operation> operations) => byName.ToFrozenDictionary(pair => pair.Key,
        pair => operations.Where(operation => pair.Value.GetPath(operation, "model", false) is not null).Select(operation => operation.Name)
            .ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>The wire of a name; catalogs were checked at load, so it exists.</summary>
    public IProviderWire Get(string name) => byName[name];

    /// <summary>Whether there is a wire of that name.</summary>
    public bool Contains(string name) => byName.ContainsKey(name);
}
