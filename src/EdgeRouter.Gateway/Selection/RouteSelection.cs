using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.RouterMembers;

namespace EdgeRouter.Gateway.Selection;

/// <summary>Plans a request of a caller API by the catalog in force. Thread-safe.</summary>
internal sealed class RouteSelection(ICatalog catalog, RoutePlanner planner, Random random)
{
    /// <summary>Plans it.</summary>
    /// <param name="api">The API that read the request: it spells what is at fault.</param>
    /// <param name="facts">The request.</param>
    /// <param name="explain">Whether the plan contains scores and reasons.</param>
    /// <exception cref="RouterException">As <see cref="RoutePlanner.Plan"/> throws it.</exception>
    public RoutePlan Plan(ICallerApi api, RequestFacts facts, bool explain = false)
    {
        try
        {
            return planner.Plan(facts, catalog.Current, random, explain);
        }
        catch (RouterException unplanned) when (unplanned.Error.Fault is not null)
        {
            throw new RouterException(unplanned.Error.SpelledAs(RouterOptions.Locate(api.FieldOf(unplanned.Error.Fault.Value), facts)), unplanned);
        }
    }
}
