using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing;

/// <summary>Cheapest first; equals keep their catalog order.</summary>
internal sealed class PriceOrdering : IEndpointOrdering
{
    public string Name => EndpointOrderingNames.Price;

    public void Order(Span<Endpoint> endpoints, in OrderingContext context)
    {
        // Insertion sort: stable, and a model has a few dozen endpoints at most.
        for (var i = 1; i < endpoints.Length; i++)
        {
            var moving = endpoints[i];
            var cost = ExpectedCost.Of(moving, context.Request);
            var to = i;
            for (; to > 0 && ExpectedCost.Of(endpoints[to - 1], context.Request) > cost; to--) endpoints[to] = endpoints[to - 1];
            endpoints[to] = moving;
        }
    }
}
