using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing;

/// <summary>
/// A way to put endpoints in the order in which they are tried. To add one: implement it, and register it as a service beside the built-in ones.
/// Implementations are stateless and thread-safe. The same random sequence, health and clock give the same order.
/// </summary>
public interface IEndpointOrdering
{
    /// <summary>Name in <c>provider.sort</c>, unique; see <see cref="EndpointOrderingNames"/> for the built-in ones.</summary>
    string Name { get; }

    /// <summary>Reorders <paramref name="endpoints"/> in place, the one to try first at the start.</summary>
    void Order(Span<Endpoint> endpoints, in OrderingContext context);
}

/// <summary>Names of orderings, and when to choose each.</summary>
public static class EndpointOrderingNames
{
    /// <summary>Balances load towards cheap endpoints that work: drawn at random with weight 1/price². For everyday use.</summary>
    public const string Default = "default";

    /// <summary>Cheapest first, strictly. For batch work.</summary>
    public const string Price = "price";

    /// <summary>Most output per second first: tokens, or what the operation counts. For long answers.</summary>
    public const string Throughput = "throughput";

    /// <summary>Shortest time to the first token first. For conversations.</summary>
    public const string Latency = "latency";

    /// <summary>Best tool calling first. For agents; the default for requests with tools.</summary>
    public const string Exacto = "exacto";

    /// <summary>Least expected dollars per request, with the cost of waiting and failing. A compromise of all of these.</summary>
    public const string Value = "value";
}
