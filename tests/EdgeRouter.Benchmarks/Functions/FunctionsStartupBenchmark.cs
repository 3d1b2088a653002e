using System.Globalization;
using EdgeRouter.Benchmarks.Load;

namespace EdgeRouter.Benchmarks.Functions;

/// <summary>
/// Time from the start of the worker's process to its first answer through the host, and what is resident then and after 1,000 requests. The host is there
/// before, as in Azure. Several apps are measured in turns.
/// </summary>
internal static class FunctionsStartupBenchmark
{
    private const int Runs = 5;
    private const int Requests = 1000;

    public static async Task<int> RunAsync(string[] apps)
    {
        using var upstream = await ChildProcess.StartUpstreamAsync();
        using var catalog = new BenchmarkCatalog(upstream.Address);
        var measured = apps.ToDictionary(static app => app, static _ => new List<(double First, double Chat, double Settled, double Milliseconds)>());
        for (var run = 0; run < Runs; run++)
        {
            foreach (var app in apps)
            {
                await using var stack = await FunctionsStack.StartAsync(app, catalog);
                using var http = new HttpClient();
                (await http.GetAsync(new Uri(stack.Address, "/health"))).EnsureSuccessStatusCode();
                var (elapsed, memory) = (stack.SinceWorkerStarted, stack.WorkerMemory);
                using var caller = new Caller(stack.Address);
                await caller.CallAsync();
                var chat = stack.WorkerMemory;
                for (var i = 1; i < Requests; i++) await caller.CallAsync();
                await stack.SettledAsync();
                var settled = stack.WorkerMemory;
                measured[app].Add((memory.Megabytes, chat.Megabytes, settled.Megabytes, elapsed.TotalMilliseconds));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{app}: first answer after {elapsed.TotalMilliseconds:0} ms, {memory}"));
                if (run == Runs - 1)
                    Console.WriteLine($"  after a chat {chat}\n  after {Requests} {settled}\n  largest files: {settled.Largest(20)}");
            }
        }
        foreach (var (app, runs) in measured)
        {
            var (milliseconds, first) = (Median(runs, static run => run.Milliseconds), Median(runs, static run => run.First));
            var (chat, settled) = (Median(runs, static run => run.Chat), Median(runs, static run => run.Settled));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{app}, medians: first answer after {milliseconds:0} ms, {first:0.0} MB then, {chat:0.0} MB after a chat, {settled:0.0} MB after {Requests}"));
        }
        return 0;
    }

    private static double Median<T>(List<T> runs, Func<T, double> value) => runs.Select(value).Order().ElementAt(runs.Count / 2);
}
