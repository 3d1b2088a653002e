using System.Diagnostics;
using System.Globalization;

namespace EdgeRouter.Benchmarks.Load;

/// <summary>
/// What the router adds to a call: the same small request direct to a local upstream and through the router, one connection each, interleaved in
/// random order; upstream, router and caller are processes of their own. Prints the medians and the median of the paired differences.
/// </summary>
internal static class OverheadBenchmark
{
    private const int WarmUp = 3000;
    private const int Pairs = 10_000;

    public static async Task<int> RunAsync()
    {
        using var upstream = await ChildProcess.StartUpstreamAsync();
        using var catalog = new BenchmarkCatalog(upstream.Address);
        using var router = await ChildProcess.StartRouterAsync(catalog.Environment);
        using var direct = new Caller(upstream.Address);
        using var routed = new Caller(router.Address);
        for (var i = 0; i < WarmUp; i++)
        {
            await direct.CallAsync();
            await routed.CallAsync();
        }
        var (directTimes, routedTimes, differences) = (new double[Pairs], new double[Pairs], new double[Pairs]);
        var random = new Random(1);
        for (var i = 0; i < Pairs; i++)
        {
            var directFirst = random.Next(2) == 0;
            if (directFirst) directTimes[i] = await TimeAsync(direct);
            routedTimes[i] = await TimeAsync(routed);
            if (!directFirst) directTimes[i] = await TimeAsync(direct);
            differences[i] = routedTimes[i] - directTimes[i];
        }
        Print("direct", directTimes);
        Print("through the router", routedTimes);
        Print("added by the router", differences);
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
            $"ratio of medians {Percentile(routedTimes, 50) / Percentile(directTimes, 50):0.00}; router resident {router.WorkingSet / 1048576.0:0.0} MB"));
        return 0;
    }

    private static async Task<double> TimeAsync(Caller caller)
    {
        var start = Stopwatch.GetTimestamp();
        await caller.CallAsync();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void Print(string name, double[] times) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name,-20} p50 {Percentile(times, 50):0.000} ms  p90 {Percentile(times, 90):0.000} ms  p99 {Percentile(times, 99):0.000} ms  ({times.Length} "
            + $"requests)"));

    private static double Percentile(double[] times, int percent)
    {
        var sorted = (double[])times.Clone();
        Array.Sort(sorted);
        return sorted[(sorted.Length - 1) * percent / 100];
    }
}
