using System.Text;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Core.Tests.Usage;

public sealed class UsageWriterTests
{
    private readonly Random random = new(5);
    private readonly MemoryTableStore store = new MemoryTableStore();
    private readonly VirtualTimeProvider time = new(RandomRecords.Now);

    private UsageWriter Writer => new(store);

    private UsageTotals Totals => new(store, time);

    [Fact]
    public async Task A_record_delivered_twice_counts_once_and_the_first_delivery_stays()
    {
        var record = RandomRecords.Plain(random, cost: 7);
        await Writer.WriteAsync([record, record with { Cost = new NanoDollars(8) }]);
        await Writer.WriteAsync([record with { Cost = new NanoDollars(9) }]);
        var expected = new UsageSum(1, new NanoDollars(7), PromptTokens: 10, CompletionTokens: 7, ReasoningTokens: 2);
        Assert.Equal(new KeyUsage(expected, expected, expected, expected), await Totals.ReadAsync("key1"));
        Assert.Equal(new NanoDollars(7), (await new GenerationStore(store).FindAsync(record.Id))!.Cost);
    }

    [Fact]
    public async Task Any_interleaving_of_redeliveries_by_several_writers_counts_every_record_once()
    {
        var records = Enumerable.Range(0, 300)
            .Select(number => RandomRecords.Plain(random, key: $"key{number % 7}", cost: number, endpoint: $"acme/m{number % 5}@alpha")).ToArray();
        var batches = Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, 50).Select(_ => records[random.Next(records.Length)]).ToArray()).Append(records)
            .ToArray();
        var yielding = new YieldingStore(store);
        await Task.WhenAll(batches.Select(batch => Task.Run(() => new UsageWriter(yielding).WriteAsync(batch))));
        var all = (await Totals.ReadAllKeysAsync()).AllTime;
        Assert.Equal((300, records.Sum(record => record.Cost.Value)), (all.Requests, all.Cost.Value));
        for (var key = 0; key < 7; key++)
            Assert.Equal(records.Where(record => record.KeyHash == $"key{key}").Sum(record => record.Cost.Value),
                (await Totals.ReadAsync($"key{key}")).Daily.Cost.Value);
        Assert.True(yielding.Conflicts > 0, "The writers never met: the test shows nothing.");
    }

    [Fact]
    public async Task Batches_larger_than_a_commit_are_split()
    {
        // One shard, a key and an endpoint of its own for each record: 8 rows per record.
        var records = Enumerable.Range(0, 60).Select(number => RandomRecords.Plain(random, key: $"key{number}", endpoint: $"acme/m{number}@alpha"))
            .Select(record => record with { Id = record.Id.Remove(15, 2).Insert(15, "AA") }).ToArray();
        await Writer.WriteAsync(records);
        Assert.Equal(60, (await Totals.ReadAllKeysAsync()).AllTime.Requests);
        Assert.Equal(1, (await Totals.ReadAsync("key59")).AllTime.Requests);
    }

    [Fact]
    public async Task Records_with_long_texts_are_split_by_size()
    {
        var text = new string('x', 1000);
        var records = Enumerable.Range(0, 150)
            .Select(_ => RandomRecords.Plain(random) with
            {
                UserAgent = text,
                HttpReferer = text,
                AppTitle = text,
                SessionId = text,
                ExternalUser = text,
                UpstreamId = text,
                ErrorType = text,
                NativeFinishReason = text,
                RequestedModel = text,
                Region = text,
                ProviderSlug = text,
                ServiceTier = text,
                FinishReason = text,
                ApiType = text
            })
            .Select(record => record with { Id = record.Id.Remove(15, 2).Insert(15, "AA") }).ToArray();
        await Writer.WriteAsync(records);
        Assert.Equal(150, (await Totals.ReadAllKeysAsync()).AllTime.Requests);
    }

    [Fact]
    public async Task Windows_are_utc_days_monday_weeks_and_months()
    {
        // The clock stands on Friday, 2026-11-20.
        (string Time, long Cost)[] uses =
        [
            ("2026-11-20T00:00:00Z", 1), ("2026-11-20T23:59:59Z", 2), ("2026-11-20T23:30:00-01:00", 100_000), ("2026-11-19T23:59:59Z", 4),
                ("2026-11-16T00:00:00Z", 8),
            ("2026-11-15T23:59:59Z", 16), ("2026-11-01T00:00:00Z", 32), ("2026-10-31T23:59:59Z", 64), ("2025-11-20T08:00:00Z", 128),
        ];
        await Writer.WriteAsync([.. uses.Select(use => RandomRecords.Plain(random, at: DateTimeOffset.Parse(use.Time), cost: use.Cost))]);
        var usage = await Totals.ReadAsync("key1");
        Assert.Equal(100_255, usage.AllTime.Cost.Value);
        Assert.Equal(3, usage.Daily.Cost.Value);
        Assert.Equal(15, usage.Weekly.Cost.Value);
        Assert.Equal(100_063, usage.Monthly.Cost.Value);
        time.Advance(TimeSpan.FromHours(16));
        Assert.Equal((100_000, 100_015), ((await Totals.ReadAsync("key1")).Daily.Cost.Value, (await Totals.ReadAsync("key1")).Weekly.Cost.Value));
        time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(default, (await Totals.ReadAsync("key1")).Weekly);
    }

    [Fact]
    public async Task A_key_that_used_nothing_has_zero() => Assert.Equal(default, await Totals.ReadAsync("any text / at all"));

    [Fact]
    public async Task Poisoned_records_are_kept_once_with_the_reason_and_do_not_stop_the_others()
    {
        var good = RandomRecords.Plain(random);
        var bad = RandomRecords.Plain(random) with
        {
            Cost = new NanoDollars(-1),
            UserAgent = "half \uD83D pair",
            LatencyMs = double.NaN,
            SessionId = new string('s', 200_000)
        };
        await Writer.WriteAsync([bad, good]);
        await Writer.WriteAsync([bad]);
        Assert.Equal(1, (await Totals.ReadAllKeysAsync()).AllTime.Requests);
        var row = Assert.Single((await store.QueryAsync(UsageLayout.PoisonTable, UsageLayout.PoisonPartition, RowRange.All)).Rows);
        Assert.Contains("Cost", (string)row.Properties["Reason"], StringComparison.Ordinal);
        var json = string.Concat(Enumerable.Range(0, 4).Select(part => Encoding.UTF8.GetString((byte[])row.Properties[$"Json{part}"])));
        Assert.Equal((int)row.Properties["JsonBytes"], json.Length);
        Assert.Contains(bad.Id, json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activity_is_by_day_key_and_endpoint()
    {
        await Writer.WriteAsync(
        [
            .. Enumerable.Range(0, 20).Select(_ => RandomRecords.Plain(random, cost: 1)),
            .. Enumerable.Range(0, 10).Select(_ => RandomRecords.Plain(random, key: "key2", cost: 2)),
            RandomRecords.Plain(random, endpoint: "acme/one@alpha:eu"),
            RandomRecords.Plain(random, endpoint: new string('/', 500)),
            RandomRecords.Plain(random, endpoint: null),
            RandomRecords.Plain(random, at: RandomRecords.Now.AddDays(1)),
        ]);
        var items = await new UsageActivity(store).ReadAsync(new DateOnly(2026, 11, 20));
        Assert.Equal(
            [("key1", new string('/', 500), 1L, 1000L), ("key1", "acme/one@alpha", 20L, 20L), ("key1", "acme/one@alpha:eu", 1L, 1000L),
                ("key2", "acme/one@alpha", 10L, 20L)],
            items.Select(item => (item.KeyHash, item.EndpointId, item.Sum.Requests, item.Sum.Cost.Value)));
        Assert.All(items, item => Assert.Equal(("acme/one", "Alpha"), (item.Model, item.ProviderName)));
    }

    /// <summary>Lets other tasks run before every call, so that writers interleave, and counts how often they got in each other's way.</summary>
    private sealed class YieldingStore(ITableStore inner) : ITableStore
    {
        private int conflicts;

        public int Conflicts => conflicts;

        public async ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return await inner.GetAsync(table, partition, row, cancellationToken);
        }

        public ValueTask<TablePage> QueryAsync(string table, string partition, RowRange range, int limit = 1000, string? continuation = null,
            CancellationToken cancellationToken = default) =>
            inner.QueryAsync(table, partition, range, limit, continuation, cancellationToken);

        public async ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
            CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var result = await inner.CommitAsync(table, partition, changes, cancellationToken);
            if (result.Status != CommitStatus.Committed) Interlocked.Increment(ref conflicts);
            return result;
        }
    }
}
