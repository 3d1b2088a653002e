namespace EdgeRouter.Soak;

/// <summary>Resident memory over the life of a process. Linux only.</summary>
internal sealed class MemorySlope
{
    private readonly List<(double Minutes, double Megabytes)> samples = [];

    /// <summary>Resident memory at the first and the last sample, in MB.</summary>
    public (double First, double Last) Ends => samples.Count == 0 ? default : (samples[0].Megabytes, samples[^1].Megabytes);

    /// <summary>Length of the life so far.</summary>
    public double Minutes => samples.Count == 0 ? 0 : samples[^1].Minutes;

    public void Add(TimeSpan age, long bytes) => samples.Add((age.TotalMinutes, bytes / 1048576.0));

    /// <summary>MB a minute, by least squares over the samples after the first third, in which pools and caches fill and code is compiled.</summary>
    public double PerMinute()
    {
        var steady = samples.Where(sample => sample.Minutes >= Minutes / 3).ToArray();
        if (steady.Length < 2) return 0;
        var (x, y) = (steady.Average(sample => sample.Minutes), steady.Average(sample => sample.Megabytes));
        var spread = steady.Sum(sample => (sample.Minutes - x) * (sample.Minutes - x));
        return spread == 0 ? 0 : steady.Sum(sample => (sample.Minutes - x) * (sample.Megabytes - y)) / spread;
    }
}
