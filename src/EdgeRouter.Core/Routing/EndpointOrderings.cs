using System.Collections.Frozen;

namespace EdgeRouter.Core.Routing;

/// <summary>The orderings in force, by name. Duplicate names are fatal.</summary>
public sealed class EndpointOrderings
{
    /// <summary>
    /// Values of <c>provider.sort</c> that rank by statistics. While there are no statistics all endpoints tie, and ties stand in the default order.
    /// </summary>
    private static readonly string[] ByStatistics = [EndpointOrderingNames.Throughput, EndpointOrderingNames.Latency, EndpointOrderingNames.Exacto];

    private readonly FrozenDictionary<string, IEndpointOrdering> byName;

    /// <summary>The built-in orderings and <paramref name="further"/> ones.</summary>
    public EndpointOrderings(params IEnumerable<IEndpointOrdering> further)
    {
        var all = new Dictionary<string, IEndpointOrdering>(StringComparer.Ordinal);
        foreach (var ordering in (IEnumerable<IEndpointOrdering>)[new DefaultOrdering(), new PriceOrdering(), .. further])
            if (!all.TryAdd(ordering.Name, ordering)) throw new ArgumentException($"Two endpoint orderings are called '{ordering.Name}'.", nameof(further));
        Default = all[EndpointOrderingNames.Default];
        foreach (var name in ByStatistics) all.TryAdd(name, Default);
        byName = all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The ordering used when the request names none.</summary>
    public IEndpointOrdering Default { get; }

    /// <summary>Finds an ordering; null: none of that name.</summary>
    public IEndpointOrdering? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Permitted names, sorted.</summary>
    public IEnumerable<string> Names => byName.Keys.Order(StringComparer.Ordinal);
}
