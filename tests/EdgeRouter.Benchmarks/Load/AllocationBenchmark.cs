using System.Globalization;
using EdgeRouter.Local;
using Microsoft.Extensions.Configuration;

namespace EdgeRouter.Benchmarks.Load;

/// <summary>
/// What one request on the fast path allocates: only the router runs in this process, so everything allocated here is its own, Kestrel and HttpClient
/// included.
/// </summary>
internal static class AllocationBenchmark
{
    private const int WarmUp = 5000;
    private const int Requests = 10_000;

    public static async Task<int> RunAsync()
    {
        using var upstream = await ChildProcess.StartUpstreamAsync();
        using var catalog = new BenchmarkCatalog(upstream.Address);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                catalog.Environment.Select(pair => KeyValuePair.Create(pair.Name.Replace("__", ":", StringComparison.Ordinal), (string?)pair.Value))).Build();
        await using var host = await LocalHost.StartAsync(new LocalOptions(0, "127.0.0.1", NewKeys: false), configuration, _ => null, TextWriter.Null);
        await ChildProcess.RunCallerAsync(host.Address, WarmUp);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await ChildProcess.RunCallerAsync(host.Address, Requests);
        var perRequest = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests;
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"allocated {perRequest:0} bytes a request on the fast path, whole answer, {Requests} requests"));
        return 0;
    }
}
