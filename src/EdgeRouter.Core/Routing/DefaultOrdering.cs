using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing;

/// <summary>
/// Random order in which an endpoint is drawn with weight 1/price² among those left, so that $1 stands before $3 nine times in ten. Free endpoints come first.
/// Drawn as exponential keys (Efraimidis and Spirakis): sorting by -ln(u)/weight is drawing without replacement.
/// </summary>
internal sealed class DefaultOrdering : IEndpointOrdering
{
    public string Name => EndpointOrderingNames.Default;

    public void Order(Span<Endpoint> endpoints, in OrderingContext context)
    {
        if (endpoints.Length < 2) return;
        Span<double> keys = endpoints.Length <= 64 ? stackalloc double[endpoints.Length] : new double[endpoints.Length];
        for (var i = 0; i < endpoints.Length; i++)
        {
            var price = (double)ExpectedCost.Of(endpoints[i], context.Request);
            keys[i] = -Math.Log(1 - context.Random.NextDouble()) * price * price;
        }
        keys.Sort(endpoints);
    }
}
