using System.Diagnostics;
using System.Globalization;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore;

namespace EdgeRouter.StoreProcess;

/// <summary>What the store holds and how fast it is, a line each.</summary>
internal static class Measurements
{
    private const int Batch = 2000;
    private const int Writers = 3;

    /// <summary>Fills a store through the usage writer. Resident memory before is that of the same process after it wrote a first batch.</summary>
    public static async Task FillAsync(EmbeddedStoreOptions options, int records)
    {
        await using var store = EmbeddedTableStore.Open(options);
        var writer = new UsageWriter(store);
        // An hour ends now, however many records it has.
        var start = TimeProvider.System.GetUtcNow().AddHours(-1);
        ValueTask WriteAsync(int number, CancellationToken cancellationToken)
        {
            var random = new Random(number);
            var batch = new GenerationRecord[Math.Min(Batch, records - number * Batch)];
            for (var i = 0; i < batch.Length; i++) batch[i] = SampleRecord.Create(random, start.AddSeconds(3600.0 * (number * (double)Batch + i) / records));
            return new ValueTask(writer.WriteAsync(batch, cancellationToken));
        }
        await WriteAsync(0, CancellationToken.None);
        Print($"resident before {Resident()}");
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(1, (records - 1) / Batch), new ParallelOptions { MaxDegreeOfParallelism = Writers }, WriteAsync);
        Print($"filled in {clock.ElapsedMilliseconds} ms");
        Print($"resident after {Resident()}");
    }

    /// <summary>Opens a store, reads of it and writes to it.</summary>
    public static async Task OpenAsync(EmbeddedStoreOptions options)
    {
        var clock = Stopwatch.StartNew();
        await using var store = EmbeddedTableStore.Open(options);
        Print($"opened after {clock.Elapsed.TotalMilliseconds:0} ms");
        var random = new Random();
        await new UsageWriter(store).WriteAsync([.. Enumerable.Range(0, Batch).Select(_ => SampleRecord.Create(random))]);
        var total = (await new UsageTotals(store, TimeProvider.System).ReadAllKeysAsync()).AllTime.Requests;
        var read = 0;
        foreach (var partition in UsageLayout.Partitions)
            read += (await store.QueryAsync(UsageLayout.Table, partition, new RowRange("gen-", "gen."), 500)).Rows.Count;
        Print($"counted {total}, read {read}, all after {clock.Elapsed.TotalMilliseconds:0} ms");
        Print($"resident {Resident()}");
        Print($"file {new FileInfo(Path.Combine(options.Folder, "store.db")).Length}");
    }

    /// <summary>Lets callers enqueue one record after the other.</summary>
    public static async Task RateAsync(EmbeddedStoreOptions options, int callers, TimeSpan length)
    {
        await using var store = EmbeddedTableStore.Open(options);
        await using var queue = InProcessUsageQueue.Start(store, store.Inbox, TimeProvider.System);
        await RunAsync(queue, callers, TimeSpan.FromSeconds(1));
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var times = await RunAsync(queue, callers, length);
        process.Refresh();
        var processor = (process.TotalProcessorTime - before).TotalMicroseconds / times.Count;
        times.Sort();
        var (rate, middle, late) = (times.Count / length.TotalSeconds, times[times.Count / 2], times[times.Count * 99 / 100]);
        Print($"{callers} callers: {rate:0} records/s, p50 {middle:0.00} ms, p99 {late:0.00} ms, processor {processor:0.0} µs a record");
    }

    private static async Task<List<double>> RunAsync(InProcessUsageQueue queue, int callers, TimeSpan length)
    {
        var clock = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            var own = new List<double>();
            while (clock.Elapsed < length)
            {
                var record = SampleRecord.Create(random);
                var start = Stopwatch.GetTimestamp();
                await queue.EnqueueAsync(record);
                own.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            return own;
        })));
        return [.. times.SelectMany(static own => own)];
    }

    private static long Resident()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
