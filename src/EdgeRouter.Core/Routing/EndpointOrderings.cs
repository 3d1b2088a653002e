using System.Collections.Frozen;

namespace EdgeRouter.Core.Routing;

/// <summary>The orderings of this process, by name. Immutable.</summary>
public sealed class EndpointOrderings
{
    private readonly FrozenDictionary<string, IEndpointOrdering> byName;

    /// <summary>Indexes the orderings.</summary>
    /// <exception cref="ArgumentException">Two orderings have one name, or none is called <see cref="EndpointOrderingNames.Default"/>.</exception>
    public EndpointOrderings(IEnumerable<IEndpointOrdering> orderings)
    {
        var all = new Dictionary<string, IEndpointOrdering>(StringComparer.Ordinal);
        foreach (var ordering in orderings)
            if (!all.TryAdd(ordering.Name, ordering)) throw new ArgumentException($"Two endpoint orderings are called '{ordering.Name}'.", nameof(orderings));
        Default = all.GetValueOrDefault(EndpointOrderingNames.Default)
            ?? throw new ArgumentException($"No endpoint ordering is called '{EndpointOrderingNames.Default}'.", nameof(orderings));
        byName = all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The ordering used when the request names none.</summary>
    public IEndpointOrdering Default { get; }

    /// <summary>Finds an ordering; null: none of that name.</summary>
    public IEndpointOrdering? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Permitted names, sorted.</summary>
    public IEnumerable<string> Names => byName.Keys.Order(StringComparer.Ordinal);
}
