using System.Globalization;
using EdgeRouter.Benchmarks.Load;

namespace EdgeRouter.Benchmarks.Functions;

/// <summary>
/// Time from the start of the worker's process to its first answer through the host, and what is resident then. The host is there before, as in Azure.
/// Several apps are measured in turns.
/// </summary>
internal static class FunctionsStartupBenchmark
{
    private const int Runs = 5;

    public static async Task<int> RunAsync(string[] apps)
    {
        using var upstream = await ChildProcess.StartUpstreamAsync();
        using var catalog = new BenchmarkCatalog(upstream.Address);
        for (var run = 0; run < Runs; run++)
        {
            foreach (var app in apps)
            {
                await using var stack = await FunctionsStack.StartAsync(app, catalog);
                using var http = new HttpClient();
                (await http.GetAsync(new Uri(stack.Address, "/health"))).EnsureSuccessStatusCode();
                var (elapsed, memory) = (stack.SinceWorkerStarted, stack.WorkerMemory);
                using (var caller = new Caller(stack.Address)) await caller.CallAsync();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{app}: first answer after {elapsed.TotalMilliseconds:0} ms, {memory}"));
                if (run == Runs - 1) Console.WriteLine($"  after a chat {stack.WorkerMemory}\n  largest files: {stack.WorkerMemory.Largest(20)}");
            }
        }
        return 0;
    }
}
