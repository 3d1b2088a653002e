using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing.Resolution;

namespace EdgeRouter.Core.Routing;

/// <summary>
/// Lists that a plan is worked out in, one set per thread, so that a plan allocates what it returns and nothing else. A plan is worked out without
/// leaving its thread.
/// </summary>
internal sealed class PlanScratch
{
    [ThreadStatic]
    private static PlanScratch? spare;

    /// <summary>The models in question.</summary>
    public List<ResolvedModel> Models { get; } = [];

    /// <summary>The candidates so far.</summary>
    public List<Endpoint> Candidates { get; } = [];

    /// <summary>The exclusions so far.</summary>
    public List<Exclusion> Exclusions { get; } = [];

    /// <summary>Candidates put aside.</summary>
    public List<Endpoint> Aside { get; } = [];

    /// <summary>An empty set.</summary>
    public static PlanScratch Rent()
    {
        var rented = spare ?? new PlanScratch();
        spare = null;
        return rented;
    }

    /// <summary>Gives it back; holds on to nothing of the catalog.</summary>
    public void Return()
    {
        Clear();
        spare = this;
    }

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        Models.Clear();
        Candidates.Clear();
        Exclusions.Clear();
        Aside.Clear();
    }
}
