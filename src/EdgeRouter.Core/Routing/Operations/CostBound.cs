using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Routing.Operations;

/// <summary>Upper bound of the cost of one attempt, in parts: a fixed one, and one that grows with units of which the caller may request fewer.</summary>
/// <param name="Fixed">Cost without any unit.</param>
/// <param name="Most">Cost with all units.</param>
/// <param name="Units">Requested units.</param>
/// <param name="Unit">The unit.</param>
/// <param name="LimitedBy">The fact by which the caller may ask for fewer.</param>
public readonly record struct CostBound(NanoDollars Fixed, NanoDollars Most, long Units, OutputUnit Unit, RequestFact LimitedBy)
{
    /// <summary>Units that an amount pays for after the fixed part; negative: the amount does not cover the fixed part.</summary>
    public long Affordable(NanoDollars amount)
    {
        var variable = Most - Fixed;
        if (variable == NanoDollars.Zero) return amount < Fixed ? -1 : Units;
        return (long)decimal.Floor((decimal)(amount - Fixed).Value * Units / variable.Value);
    }
}
