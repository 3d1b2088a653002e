using System.Globalization;
using EdgeRouter.Local;
using Microsoft.Extensions.Configuration;

namespace EdgeRouter.Benchmarks.Load;

/// <summary>
/// What one request on the fast path allocates, and one event of a stream: only the router runs in this process, so everything allocated here is its
/// own, Kestrel and HttpClient included.
/// </summary>
internal static class AllocationBenchmark
{
    private const int WarmUp = 5000;
    private const int Requests = 10_000;
    private const int LongStreams = 20;

    public static async Task<int> RunAsync()
    {
        using var upstream = await ChildProcess.StartUpstreamAsync();
        using var catalog = new BenchmarkCatalog(upstream.Address);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                catalog.Environment.Select(pair => KeyValuePair.Create(pair.Name.Replace("__", ":", StringComparison.Ordinal), (string?)pair.Value))).Build();
        await using var host = await LocalHost.StartAsync(new LocalOptions(0, "127.0.0.1", NewKeys: false), configuration, _ => null, TextWriter.Null);
        var whole = await MeasureAsync(host.Address, RequestKind.Whole, WarmUp, Requests);
        Print($"allocated {whole:0} bytes a request on the fast path, whole answer, {Requests} requests");
        var stream = await MeasureAsync(host.Address, RequestKind.Stream, WarmUp, Requests);
        Print($"allocated {stream:0} bytes a request on the fast path, stream of one token, {Requests} requests");
        var longStream = await MeasureAsync(host.Address, RequestKind.LongStream, LongStreams, LongStreams);
        var perEvent = (longStream - stream) / StubUpstream.LongStreamTokens;
        Print($"allocated {perEvent:0.0} bytes an event, {LongStreams} streams of {StubUpstream.LongStreamTokens} tokens, their connections included");
        return 0;
    }

    /// <summary>Bytes that each request allocates, once as many as <paramref name="warmUp"/> were made.</summary>
    private static async Task<double> MeasureAsync(Uri router, RequestKind kind, int warmUp, int requests)
    {
        await ChildProcess.RunCallerAsync(router, kind, warmUp);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await ChildProcess.RunCallerAsync(router, kind, requests);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)requests;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
