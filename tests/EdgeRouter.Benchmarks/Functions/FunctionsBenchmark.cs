using System.Diagnostics;
using System.Globalization;
using Azure.Messaging.ServiceBus;
using EdgeRouter.Benchmarks.Load;

namespace EdgeRouter.Benchmarks.Functions;

/// <summary>
/// What a request costs on Functions and on Local, side by side in one run: one caller, then 64; and what a record adds to an invocation, beside a round
/// trip of the bus, on this machine and with the bus further away. Several apps (an earlier build and this one, say) are measured in turns.
/// </summary>
internal static class FunctionsBenchmark
{
    private const int Rounds = 3;
    private const int Requests = 1000;
    private const int Callers = 64;
    private static readonly TimeSpan Away = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    /// <summary>An app that makes each request wait is measured by fewer.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(string[] apps)
    {
        if (apps.Length == 0) throw new ArgumentException("Expected the folder of a built Functions app.", nameof(apps));
        using var upstream = await ChildProcess.StartUpstreamAsync();
        using var catalog = new BenchmarkCatalog(upstream.Address);
        for (var round = 1; round <= Rounds; round++)
        {
            double local;
            using (var router = await ChildProcess.StartRouterAsync(catalog.Environment))
            {
                local = await MeasureAsync($"round {round}, Local", router.Address, null);
            }
            foreach (var app in apps)
            {
                foreach (var distance in (TimeSpan[])[TimeSpan.Zero, Away])
                {
                    await using var stack = await FunctionsStack.StartAsync(app, catalog, distance);
                    await using var bus = new ServiceBusClient(stack.BusConnection);
                    var rate = await MeasureAsync($"round {round}, Functions {app}, bus {distance.TotalMilliseconds} ms away", stack.Address,
                        bus.CreateSender("usage"));
                    Print($"  {rate / local:0.00} of Local's throughput");
                }
            }
        }
        return 0;
    }

    /// <summary>Requests a second with 64 callers.</summary>
    private static async Task<double> MeasureAsync(string name, Uri server, ServiceBusSender? bus)
    {
        Print($"{name}");
        // As long for each, and then a rest: what the compiler does in the background would be a part of what is measured next.
        await RateAsync(server);
        await Task.Delay(Rest);
        using (var caller = new Caller(server))
        {
            await PrintTimesAsync("health", Requests, caller.HealthAsync);
            await PrintTimesAsync("whole answer", Requests, caller.CallAsync);
            await PrintWholeAnswersAsync(server);
            await PrintStreamsAsync(caller);
        }
        if (bus is not null) await PrintTimesAsync("a round trip of the bus", Requests, () => bus.SendMessageAsync(new ServiceBusMessage(new byte[1024])));
        var (rate, times) = await RateAsync(server);
        Print($"  {Callers} callers: {rate:0} requests/s, p50 {Percentile(times, 50):0.00} ms, p99 {Percentile(times, 99):0.00} ms");
        return rate;
    }

    private static async Task PrintTimesAsync(string what, int count, Func<Task> call)
    {
        await WarmUpAsync(count, call);
        var times = new List<double>(count);
        for (var begin = Stopwatch.GetTimestamp(); times.Count < count && Stopwatch.GetElapsedTime(begin) < Longest;)
        {
            var start = Stopwatch.GetTimestamp();
            await call();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        PrintTimes(what, times);
    }

    /// <summary>A connection carries the next request when the invocation of the last one is over. Here each has long been free when its turn comes.</summary>
    private static async Task PrintWholeAnswersAsync(Uri server)
    {
        var callers = Enumerable.Range(0, Callers).Select(_ => new Caller(server)).ToArray();
        var turn = 0;
        await PrintTimesAsync("same, other connections", Requests, () => callers[turn++ % Callers].CallAsync());
        foreach (var caller in callers) caller.Dispose();
    }

    /// <summary>As many calls as are measured then: one caller meets other code than 64, and it is compiled in the background.</summary>
    private static async Task WarmUpAsync(int count, Func<Task> call)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < count && Stopwatch.GetElapsedTime(begin) < Longest; i++) await call();
    }

    private static async Task PrintStreamsAsync(Caller caller)
    {
        await WarmUpAsync(Requests, caller.StreamAsync);
        var (first, last, rest) = (new List<double>(Requests), new List<double>(Requests), new List<double>(Requests));
        for (var begin = Stopwatch.GetTimestamp(); first.Count < Requests && Stopwatch.GetElapsedTime(begin) < Longest;)
        {
            var times = await caller.StreamAsync();
            first.Add(times.First.TotalMilliseconds);
            last.Add(times.Last.TotalMilliseconds);
            rest.Add((times.End - times.Last).TotalMilliseconds);
        }
        PrintTimes("stream, first byte", first);
        PrintTimes("stream, last event", last);
        PrintTimes("last event to end of body", rest);
    }

    private static async Task<(double Rate, List<double> Times)> RateAsync(Uri server)
    {
        var clock = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            using var caller = new Caller(server);
            var own = new List<double>();
            while (clock.Elapsed < Length)
            {
                var start = Stopwatch.GetTimestamp();
                await caller.CallAsync();
                own.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            return own;
        })));
        var elapsed = clock.Elapsed.TotalSeconds;
        var all = times.SelectMany(static own => own).ToList();
        return (all.Count / elapsed, all);
    }

    private static void PrintTimes(string what, List<double> times) =>
        Print($"  {what,-26} p50 {Percentile(times, 50):0.00} ms, p90 {Percentile(times, 90):0.00} ms, p99 {Percentile(times, 99):0.00} ms");

    private static double Percentile(List<double> times, int percent)
    {
        times.Sort();
        return times[(times.Count - 1) * percent / 100];
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
