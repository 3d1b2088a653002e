using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Health;

/// <summary>
/// Histograms with 64 buckets, four per doubling: 16 doublings with an error of at most 10 %. A value outside falls into the first or last bucket.
/// Stateless: cells belong to the caller, so that histograms add up cell by cell.
/// </summary>
internal static class LogHistogram
{
    public const int Buckets = 64;
    private const double PerDoubling = 4;

    /// <summary>Lower edge of the histogram of times to the first token, in seconds; the upper edge is 131 s.</summary>
    public const double MinSeconds = 0.002;

    /// <summary>Lower edge of the histogram of throughput, in units a second; the upper edge is 65,536 times as high.</summary>
    public static double MinPerSecond(OutputUnit unit) => unit switch
    {
        OutputUnit.Tokens => 0.25,
        OutputUnit.Images => 0.001,
        OutputUnit.Seconds => 0.01,
        OutputUnit.Characters => 1,
        OutputUnit.Bytes => 64,
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, null),
    };

    /// <summary>The bucket of a value.</summary>
    public static int BucketOf(double value, double least)
    {
        if (!(value > least)) return 0;
        return Math.Min(Buckets - 1, (int)(Math.Log2(value / least) * PerDoubling));
    }

    /// <summary>
    /// The value that the share <paramref name="quantile"/> of <paramref name="own"/> plus <paramref name="weight"/> times <paramref name="shared"/>
    /// lies at or below; NaN: both are empty.
    /// </summary>
    public static double Quantile(ReadOnlySpan<int> own, ReadOnlySpan<int> shared, double weight, double quantile, double least)
    {
        var total = 0.0;
        for (var i = 0; i < Buckets; i++) total += Cell(i, own, shared, weight);
        if (total <= 0) return double.NaN;
        var wanted = quantile * total;
        var below = 0.0;
        var last = 0;
        for (var i = 0; i < Buckets; i++)
        {
            var here = Cell(i, own, shared, weight);
            if (here <= 0) continue;
            last = i;
            if (below + here >= wanted) return least * double.Exp2((i + (wanted - below) / here) / PerDoubling);
            below += here;
        }
        return least * double.Exp2((last + 1) / PerDoubling);
    }

    private static double Cell(int i, ReadOnlySpan<int> own, ReadOnlySpan<int> shared, double weight) =>
        (own.IsEmpty ? 0 : own[i]) + (shared.IsEmpty ? 0 : shared[i] * weight);
}
