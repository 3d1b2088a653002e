namespace EdgeRouter.Core.Routing.Orderings;

/// <summary>Robust statistics of one figure over peers; NaN: not known. Stateless.</summary>
internal static class PeerStatistics
{
    /// <summary>Factor from the median absolute deviation of a normal distribution to its standard deviation.</summary>
    private const double NormalScale = 1.4826;

    /// <summary>The median minus a number of standard deviations, estimated by the median absolute deviation; NaN: too few peers are known.</summary>
    public static double LowerBound(ReadOnlySpan<double> figures, double deviations, int fewest)
    {
        Span<double> known = figures.Length <= StableSort.OnStack ? stackalloc double[figures.Length] : new double[figures.Length];
        var count = 0;
        foreach (var figure in figures)
            if (!double.IsNaN(figure)) known[count++] = figure;
        if (count < fewest) return double.NaN;
        known = known[..count];
        var median = Median(known);
        for (var i = 0; i < count; i++) known[i] = Math.Abs(known[i] - median);
        return median - deviations * NormalScale * Median(known);
    }

    /// <summary>The median; sorts the span.</summary>
    private static double Median(Span<double> figures)
    {
        figures.Sort();
        var middle = figures.Length / 2;
        return figures.Length % 2 == 1 ? figures[middle] : (figures[middle - 1] + figures[middle]) / 2;
    }
}
