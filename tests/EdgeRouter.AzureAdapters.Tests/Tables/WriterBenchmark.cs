using System.Diagnostics;
using EdgeRouter.AzureAdapters.Tables;
using EdgeRouter.Core.Tests.Usage;
using EdgeRouter.Core.Usage;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Emulator;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.Tables;

/// <summary>
/// Records per second of the writer into Azurite. A figure, not a test: run with <c>-explicit only -class '*WriterBenchmark' -showLiveOutput</c>.
/// Azurite has one thread, so its processor time per record bounds the rate, on whatever machine and however busy.
/// </summary>
public sealed class WriterBenchmark(ITestOutputHelper output)
{
    private const int Records = 20_000;

    [Theory(Explicit = true)]
    [InlineData(1, 200)]
    [InlineData(4, 200)]
    [InlineData(8, 200)]
    [InlineData(1, 1000)]
    [InlineData(4, 1000)]
    [InlineData(2, 3200)]
    public async Task Records_a_second(int writers, int batch)
    {
        using var folder = new TemporaryFolder();
        await using var azurite = await AzuriteProcess.StartAsync(folder.Path);
        var store = AzureTableStoreFactory.Create(AzureTableStoreFactory.Prefix + azurite.ConnectionString);
        var random = new Random(1);
        var batches = Enumerable.Range(0, Records).Select(number => RandomRecords.Plain(random, $"key{number % 5}", endpoint: $"acme/m{number % 4}@alpha"))
            .Chunk(batch).ToArray();
        var writer = new UsageWriter(store);
        var next = -1;
        using var self = Process.GetCurrentProcess();
        var (azuriteBefore, selfBefore) = (azurite.ProcessorTime, self.TotalProcessorTime);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            for (var index = Interlocked.Increment(ref next); index < batches.Length; index = Interlocked.Increment(ref next))
                await writer.WriteAsync(batches[index]);
        })));
        clock.Stop();
        self.Refresh();
        var (azuriteTime, selfTime) = (azurite.ProcessorTime - azuriteBefore, self.TotalProcessorTime - selfBefore);
        Assert.Equal(Records, (await new UsageTotals(store, new VirtualTimeProvider(RandomRecords.Now)).ReadAllKeysAsync()).AllTime.Requests);
        output.WriteLine(
            $"{writers} writers, batches of {batch}: {Records / clock.Elapsed.TotalSeconds:F0} records/s; processor time per record: "
            + $"Azurite {azuriteTime.TotalMicroseconds / Records:F0} us, writer {selfTime.TotalMicroseconds / Records:F0} us");
    }
}
