using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing.Orderings;

/// <summary>Cheapest first, with the savings of a warm cache; endpoints of equal cost keep their catalog order.</summary>
public sealed class PriceOrdering : IEndpointOrdering
{
    /// <inheritdoc/>
    public string Name => EndpointOrderingNames.Price;

    /// <inheritdoc/>
    public void Order(Span<Endpoint> endpoints, in OrderingContext context)
    {
        Span<double> costs = endpoints.Length <= StableSort.OnStack ? stackalloc double[endpoints.Length] : new double[endpoints.Length];
        for (var i = 0; i < endpoints.Length; i++)
        {
            costs[i] = context.Cost(endpoints[i]);
            context.Explanation?.Note(endpoints[i], costs[i], "usd", context.IsWarm(endpoints[i]) ? "expected price with its warm cache" : "expected price");
        }
        StableSort.ByKey(costs, endpoints);
    }
}
