using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Orderings;

namespace EdgeRouter.TestSupport.Routing;

/// <summary>The orderings that the gateway registers, for tests of the planner without a host.</summary>
public static class BuiltInOrderings
{
    /// <summary>The built-in orderings.</summary>
    public static IReadOnlyList<IEndpointOrdering> All { get; } =
        [new DefaultOrdering(), new PriceOrdering(), new ThroughputOrdering(), new LatencyOrdering(), new ExactoOrdering(), new ValueOrdering()];

    /// <summary>The built-in orderings and <paramref name="further"/> ones.</summary>
    public static EndpointOrderings With(params IEnumerable<IEndpointOrdering> further) => new([.. All, .. further]);
}
