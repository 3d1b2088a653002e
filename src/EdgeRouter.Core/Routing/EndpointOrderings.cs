using System.Collections.Frozen;
using EdgeRouter.Core.Routing.Orderings;

namespace EdgeRouter.Core.Routing;

/// <summary>The orderings in force, by name. Duplicate names are fatal.</summary>
public sealed class EndpointOrderings
{
    private readonly FrozenDictionary<string, IEndpointOrdering> byName;

    /// <summary>The built-in orderings and <paramref name="further"/> ones.</summary>
    public EndpointOrderings(params IEnumerable<IEndpointOrdering> further)
    {
        var all = new Dictionary<string, IEndpointOrdering>(StringComparer.Ordinal);
        foreach (var ordering in (IEnumerable<IEndpointOrdering>)[new DefaultOrdering(), new PriceOrdering(), StatisticOrdering.Throughput,
            StatisticOrdering.Latency, new ExactoOrdering(), new ValueOrdering(), .. further])
            if (!all.TryAdd(ordering.Name, ordering)) throw new ArgumentException($"Two endpoint orderings are called '{ordering.Name}'.", nameof(further));
        Default = all[EndpointOrderingNames.Default];
        byName = all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The ordering used when the request names none.</summary>
    public IEndpointOrdering Default { get; }

    /// <summary>Finds an ordering; null: none of that name.</summary>
    public IEndpointOrdering? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Permitted names, sorted.</summary>
    public IEnumerable<string> Names => byName.Keys.Order(StringComparer.Ordinal);
}
