using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Health;

/// <summary>Turns rows of counts into statistics.</summary>
internal static class WindowSummary
{
    /// <summary>Statistics of this instance's row and the others' together, with the throughput in a unit.</summary>
    public static WindowStatistics Of(ReadOnlySpan<int> own, ReadOnlySpan<int> others, OutputUnit unit)
    {
        var counts = CountsOf(own, others);
        return counts with
        {
            FirstTokenSeconds = Percentiles(HealthCells.FirstTokenOf(own), HealthCells.FirstTokenOf(others), LogHistogram.MinSeconds, moreIsBetter: false),
            Throughput = unit == OutputUnit.None ? null : Percentiles(HealthCells.ThroughputOf(own, unit), HealthCells.ThroughputOf(others, unit),
                LogHistogram.MinPerSecond(unit), moreIsBetter: true),
        };
    }

    /// <summary>The same without percentiles.</summary>
    public static WindowStatistics CountsOf(ReadOnlySpan<int> own, ReadOnlySpan<int> others) => new()
    {
        Successes = HealthCells.Successes(own) + HealthCells.Successes(others),
        Failures = HealthCells.Failures(own) + HealthCells.Failures(others),
        RateLimited = HealthCells.RateLimited(own) + HealthCells.RateLimited(others),
        ToolAnswers = Cell(own, HealthCells.ToolAnswers) + Cell(others, HealthCells.ToolAnswers),
        BadToolAnswers = Cell(own, HealthCells.BadToolAnswers) + Cell(others, HealthCells.BadToolAnswers),
    };

    private static HealthPercentiles? Percentiles(ReadOnlySpan<int> own, ReadOnlySpan<int> others, double least, bool moreIsBetter)
    {
        var median = LogHistogram.Quantile(own, others, 1, 0.5, least);
        if (double.IsNaN(median)) return null;
        return new HealthPercentiles(median, At(own, others, 0.75), At(own, others, 0.90), At(own, others, 0.99));

        double At(ReadOnlySpan<int> mine, ReadOnlySpan<int> theirs, double share) =>
            LogHistogram.Quantile(mine, theirs, 1, moreIsBetter ? 1 - share : share, least);
    }

    private static int Cell(ReadOnlySpan<int> row, int cell) => row.IsEmpty ? 0 : row[cell];
}
