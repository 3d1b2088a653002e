using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing.Orderings;

/// <summary>
/// Sorting endpoints by keys, ascending; equal keys keep their order. Insertion sort for the few dozen endpoints of a model, and nothing is allocated;
/// the endpoints of many models together are sorted by rank.
/// </summary>
internal static class StableSort
{
    /// <summary>Keys of up to this many endpoints go on the stack.</summary>
    public const int OnStack = 64;

    /// <summary>Sorts both spans. NaN comes after every number.</summary>
    public static void ByKey(Span<double> keys, Span<Endpoint> endpoints)
    {
        if (endpoints.Length > OnStack)
        {
            ByRank(keys, endpoints);
            return;
        }
        for (var i = 1; i < endpoints.Length; i++)
        {
            var (key, moving) = (keys[i], endpoints[i]);
            var to = i;
            for (; to > 0 && IsBefore(key, keys[to - 1]); to--) (keys[to], endpoints[to]) = (keys[to - 1], endpoints[to - 1]);
            (keys[to], endpoints[to]) = (key, moving);
        }
    }

    /// <summary>Puts the endpoint at <paramref name="index"/> first and moves those before it one back.</summary>
    public static void MoveToFront(Span<Endpoint> endpoints, int index)
    {
        var chosen = endpoints[index];
        endpoints[..index].CopyTo(endpoints[1..]);
        endpoints[0] = chosen;
    }

    private static void ByRank(Span<double> keys, Span<Endpoint> endpoints)
    {
        var ranks = new (double Key, int From)[keys.Length];
        for (var i = 0; i < ranks.Length; i++) ranks[i] = (keys[i], i);
        Array.Sort(ranks, static (left, right) =>
            IsBefore(left.Key, right.Key) ? -1 : IsBefore(right.Key, left.Key) ? 1 : left.From.CompareTo(right.From));
        var unsorted = endpoints.ToArray();
        for (var i = 0; i < ranks.Length; i++) (keys[i], endpoints[i]) = (ranks[i].Key, unsorted[ranks[i].From]);
    }

    private static bool IsBefore(double left, double right) => left < right || (double.IsNaN(right) && !double.IsNaN(left));
}
