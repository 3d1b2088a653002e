using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Routing.Operations;

/// <summary>The most that one attempt can be charged, in parts: a fixed one, and one that grows with units of which the caller may ask for fewer.</summary>
/// <param name="Fixed">Cost without any unit.</param>
/// <param name="Most">Cost with all units.</param>
/// <param name="Units">Units asked for.</param>
/// <param name="Unit">What they are.</param>
public readonly record struct CostBound(NanoDollars Fixed, NanoDollars Most, long Units, CostUnit Unit)
{
    /// <summary>Units that an amount suffices for beside the fixed part; below zero: not even for that.</summary>
    public long Affordable(NanoDollars amount)
    {
        var variable = Most - Fixed;
        if (variable == NanoDollars.Zero) return amount < Fixed ? -1 : Units;
        return (long)decimal.Floor((decimal)(amount - Fixed).Value * Units / variable.Value);
    }
}

/// <summary>A unit of output.</summary>
/// <param name="Plural">Its name, for people.</param>
/// <param name="Parameter">The request member that asks for a number of them.</param>
public sealed record CostUnit(string Plural, string Parameter)
{
    /// <summary>Output tokens.</summary>
    public static readonly CostUnit Tokens = new("tokens", "max_tokens");
}
