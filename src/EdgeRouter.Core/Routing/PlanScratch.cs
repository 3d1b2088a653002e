using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing.Resolution;

namespace EdgeRouter.Core.Routing;

/// <summary>
/// Lists for the computation of a plan, one set per thread, so that a plan allocates only what it returns. A plan is computed on one thread.
/// </summary>
internal sealed class PlanScratch
{
    [ThreadStatic]
    private static PlanScratch? spare;

    /// <summary>The resolved models.</summary>
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

    /// <summary>Returns it; keeps nothing of the catalog.</summary>
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
