using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Health;

/// <summary>
/// Layout of the counts of an endpoint in one span of time: a row of integers, so that counts of slots, windows and instances all add up cell by cell.
/// A row is narrow until output in another unit than tokens is counted.
/// </summary>
internal static class HealthCells
{
    /// <summary>Answers that ended in tool calls.</summary>
    public const int ToolAnswers = AttemptResults.Count;

    /// <summary>Those of them with a bad tool call.</summary>
    public const int BadToolAnswers = ToolAnswers + 1;

    /// <summary>Histogram of the times to the first token.</summary>
    public const int FirstToken = BadToolAnswers + 1;

    /// <summary>Histograms of throughput, one for each unit of output.</summary>
    private const int FirstThroughput = FirstToken + LogHistogram.Buckets;

    /// <summary>Cells of a row that counts no other output than tokens.</summary>
    public const int NarrowWidth = FirstThroughput + LogHistogram.Buckets;

    /// <summary>Cells of a row that counts output in every unit.</summary>
    public const int Width = FirstThroughput + (OutputUnits.Count - 1) * LogHistogram.Buckets;

    /// <summary>Attempts that ended with <paramref name="result"/>.</summary>
    public static int Of(AttemptResult result) => (int)result;

    /// <summary>The first cell of a unit's histogram of throughput; the unit is not <see cref="OutputUnit.None"/>.</summary>
    public static int Throughput(OutputUnit unit) => FirstThroughput + ((int)unit - (int)OutputUnit.Tokens) * LogHistogram.Buckets;

    /// <summary>Adds a row to a sum, which becomes as wide, cell by cell; a cell saturates at its maximum.</summary>
    public static void Add(ref int[] sum, ReadOnlySpan<int> row)
    {
        if (row.Length > sum.Length) Array.Resize(ref sum, row.Length);
        for (var i = 0; i < row.Length; i++) sum[i] = (int)Math.Min(int.MaxValue, (long)sum[i] + row[i]);
    }

    /// <summary>Attempts that answered.</summary>
    public static int Successes(ReadOnlySpan<int> row) => row.IsEmpty ? 0 : row[Of(AttemptResult.Answered)];

    /// <summary>Attempts that lower uptime.</summary>
    public static int Failures(ReadOnlySpan<int> row)
    {
        var failures = 0;
        if (row.IsEmpty) return failures;
        for (var result = AttemptResult.CredentialRefused; (int)result < AttemptResults.Count; result++) failures += row[Of(result)];
        return failures;
    }

    /// <summary>Attempts that met a rate limit.</summary>
    public static int RateLimited(ReadOnlySpan<int> row) => row.IsEmpty ? 0 : row[Of(AttemptResult.RateLimited)];

    /// <summary>Number of samples in a histogram.</summary>
    public static int Samples(ReadOnlySpan<int> histogram)
    {
        var samples = 0;
        foreach (var cell in histogram) samples += cell;
        return samples;
    }

    /// <summary>The first-token histogram of a row, empty for an empty row.</summary>
    public static ReadOnlySpan<int> FirstTokenOf(ReadOnlySpan<int> row) => row.IsEmpty ? row : row.Slice(FirstToken, LogHistogram.Buckets);

    /// <summary>The throughput histogram of a unit, empty for a row without it.</summary>
    public static ReadOnlySpan<int> ThroughputOf(ReadOnlySpan<int> row, OutputUnit unit) =>
        unit == OutputUnit.None || row.Length < Throughput(unit) + LogHistogram.Buckets ? [] : row.Slice(Throughput(unit), LogHistogram.Buckets);
}
