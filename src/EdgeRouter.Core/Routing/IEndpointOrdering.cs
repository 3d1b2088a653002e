using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing;

/// <summary>
/// A way to put endpoints in the order in which they are tried. To add one: implement it, register it in <see cref="EndpointOrderings"/>, document it in the names class.
/// Implementations are stateless and thread-safe; the same random sequence gives the same order.
/// </summary>
public interface IEndpointOrdering
{
    /// <summary>Name in <c>provider.sort</c>; see <see cref="EndpointOrderingNames"/>.</summary>
    string Name { get; }

    /// <summary>Reorders <paramref name="endpoints"/> in place, the one to try first in front.</summary>
    void Order(Span<Endpoint> endpoints, in OrderingContext context);
}

/// <summary>What an ordering may look at besides the endpoints.</summary>
/// <param name="Request">The request.</param>
/// <param name="Random">The only source of randomness.</param>
public readonly record struct OrderingContext(RoutingRequest Request, Random Random);

/// <summary>Names of orderings, and when to choose each.</summary>
public static class EndpointOrderingNames
{
    /// <summary>Balances load towards cheap endpoints: drawn at random with weight 1/price². For everyday use.</summary>
    public const string Default = "default";

    /// <summary>Cheapest first, strictly. For batch work.</summary>
    public const string Price = "price";

    /// <summary>Most tokens per second first.</summary>
    public const string Throughput = "throughput";

    /// <summary>Shortest time to the first token first.</summary>
    public const string Latency = "latency";

    /// <summary>Best tool calling first.</summary>
    public const string Exacto = "exacto";
}
