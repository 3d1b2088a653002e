using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.Core.Usage.Sweeping;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Core.Tests.Usage.Sweeping;

public sealed class RollupSweepTests
{
    private static readonly DateTimeOffset Yesterday = RandomRecords.Now.AddDays(-1);
    private static readonly DateOnly Day = DateOnly.FromDateTime(Yesterday.UtcDateTime);
    private readonly Random random = new(8);
    private readonly InterruptedStore store = new(new MemoryTableStore());
    private readonly VirtualTimeProvider time = new(RandomRecords.Now);

    private RollupSweep Sweep => new(store, time);

    private UsageTotals Totals => new(store, time);

    [Fact]
    public async Task What_the_writer_wrote_is_found_right_and_looked_at_once()
    {
        await WriteAsync(300);

        Assert.Equal(new RollupSweepReport(300, 0, 0, 0), await Sweep.RunAsync());
        Assert.Equal(default, await Sweep.RunAsync());
    }

    [Fact]
    public async Task A_day_of_today_is_left_alone_until_it_is_over_for_an_hour()
    {
        await new UsageWriter(store).WriteAsync([RandomRecords.Plain(random)]);

        time.Advance(TimeSpan.FromHours(16.9));
        Assert.Equal(0, (await Sweep.RunAsync()).Records);
        time.Advance(TimeSpan.FromHours(0.2));
        Assert.Equal(1, (await Sweep.RunAsync()).Records);
    }

    [Fact]
    public async Task Roll_ups_that_were_lost_are_made_again_from_the_records()
    {
        var records = await WriteAsync(200);
        var before = (await Totals.ReadAllKeysAsync(), await Totals.ReadAsync("key0"), await new UsageActivity(store).ReadAsync(Day));
        foreach (var partition in UsageLayout.Partitions)
            foreach (var row in (await store.QueryAsync(UsageLayout.Table, partition, RowRange.All))
                .Rows.Where(row => !row.Row.StartsWith("gen-", StringComparison.Ordinal)))
                await store.CommitAsync(UsageLayout.Table, partition, [TableChange.Delete(row.Row)]);
        Assert.Equal(default, await Totals.ReadAllKeysAsync());

        var report = await Sweep.RunAsync();

        Assert.Equal((200, 0, 0), (report.Records, report.Excessive, report.Unfinished));
        var (all, key, activity) = (await Totals.ReadAllKeysAsync(), await Totals.ReadAsync("key0"), await new UsageActivity(store).ReadAsync(Day));
        Assert.Equal((before.Item1, before.Item2), (all, key));
        Assert.Equal(before.Item3, activity);
        Assert.Equal(records.Sum(record => record.Cost.Value), all.Monthly.Cost.Value);
    }

    [Fact]
    public async Task Roll_ups_that_count_less_are_set_right_and_go_on_counting()
    {
        await WriteAsync(50);
        var writer = new UsageWriter(store);
        await writer.WriteAsync([Plain()]);
        foreach (var partition in UsageLayout.Partitions)
            await ChangeAsync(partition, UsageLayout.DayRow("key1", Day), sum => sum with { Requests = 0, Cost = default });

        Assert.True((await Sweep.RunAsync()).Corrected > 0);

        // The writer remembers the roll-ups from before.
        await writer.WriteAsync([.. Enumerable.Range(0, 50).Select(_ => Plain())]);
        Assert.Equal(101, (await Totals.ReadAllKeysAsync()).AllTime.Requests);
        Assert.Equal((await Totals.ReadAsync("key1")).AllTime, (await Totals.ReadAsync("key1")).Weekly);
    }

    [Fact]
    public async Task A_month_that_counts_less_than_its_days_is_set_right_and_so_is_the_all_time_total()
    {
        await WriteAsync(100);
        var before = await Totals.ReadAllKeysAsync();
        foreach (var partition in UsageLayout.Partitions)
        {
            await ChangeAsync(partition, UsageLayout.MonthRow(UsageLayout.AllKeys, Day), sum => sum with { Cost = new NanoDollars(sum.Cost.Value / 2) });
            await ChangeAsync(partition, UsageLayout.AllTimeRow(UsageLayout.AllKeys), sum => sum with { Requests = 0 });
        }

        await Sweep.RunAsync();

        Assert.Equal(before, await Totals.ReadAllKeysAsync());
    }

    [Fact]
    public async Task What_was_spent_stays_spent_when_its_records_were_deleted()
    {
        var records = await WriteAsync(20);
        var before = await Totals.ReadAllKeysAsync();
        await store.CommitAsync(UsageLayout.Table, GenerationRecordTable.PartitionOf(records[0].Id), [TableChange.Delete(records[0].Id)]);

        var report = await Sweep.RunAsync();

        Assert.Equal((19, 0), (report.Records, report.Corrected));
        Assert.True(report.Excessive > 0);
        Assert.Equal(before, await Totals.ReadAllKeysAsync());
        Assert.Equal(default, await Sweep.RunAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_row_that_cannot_be_read_is_told_of_and_holds_up_its_partition_and_day_only(bool isRecord)
    {
        var records = await WriteAsync(200);
        var spoilt = GenerationRecordTable.PartitionOf(records[0].Id);
        var row = isRecord ? records[0].Id : UsageLayout.DayRow(UsageLayout.AllKeys, Day);
        await store.CommitAsync(UsageLayout.Table, spoilt, [TableChange.Upsert(row, new Dictionary<string, object> { ["Requests"] = "by hand" })]);
        var unreadable = new NotedDays();
        var told = unreadable.Told;

        var sweep = new RollupSweep(store, time, unreadable);
        var report = await sweep.RunAsync();

        Assert.Equal([$"{spoilt} {Day:O}"], told);
        Assert.Equal((0, 1), (report.Corrected, report.Unfinished));
        Assert.True(report.Records >= records.Count(record => GenerationRecordTable.PartitionOf(record.Id) != spoilt));
        // The others are done; this one is looked at again.
        Assert.Equal(1, (await sweep.RunAsync()).Unfinished);
        Assert.Equal(2, told.Count);
    }

    [Fact]
    public async Task A_store_that_is_away_ends_the_sweep()
    {
        await WriteAsync(20);
        store.Interrupt = static () => Task.FromException(new StorageUnavailableException("made to fail"));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Sweep.RunAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Late_records_written_while_two_sweeps_run_are_counted_once(int seed)
    {
        var chance = new Random(seed);
        await WriteAsync(40);
        foreach (var partition in UsageLayout.Partitions) await ChangeAsync(partition, UsageLayout.DayRow(UsageLayout.AllKeys, Day), _ => default);
        var late = 0;
        store.Interrupt = async () =>
        {
            if (late >= 200 || chance.Next(4) > 0) return;
            late++;
            await new UsageWriter(store.Inner).WriteAsync([Plain()]);
        };

        await Task.WhenAll(Sweep.RunAsync(), Sweep.RunAsync());

        store.Interrupt = null;
        await Sweep.RunAsync();
        var total = await Totals.ReadAllKeysAsync();
        Assert.True(late > 0);
        Assert.Equal((40 + late, 40 + late, 40 + late), (total.AllTime.Requests, total.Weekly.Requests, total.Monthly.Requests));
    }

    [Fact]
    public async Task Roll_ups_that_change_all_the_while_are_left_to_the_next_sweep()
    {
        await WriteAsync(1, "AA");
        await ChangeAsync("00", UsageLayout.DayRow(UsageLayout.AllKeys, Day), _ => default);
        store.Interrupt = () => new UsageWriter(store.Inner).WriteAsync([InShard(Plain(), "AA")]);

        Assert.Equal(1, (await Sweep.RunAsync()).Unfinished);

        store.Interrupt = null;
        Assert.Equal((1, 0), ((await Sweep.RunAsync()).Corrected, (await Sweep.RunAsync()).Unfinished));
    }

    [Fact]
    public async Task A_week_without_a_sweep_is_made_up_for()
    {
        for (var days = 1; days <= 9; days++) await new UsageWriter(store).WriteAsync([RandomRecords.Plain(random, at: RandomRecords.Now.AddDays(-days))]);

        Assert.Equal(RollupSweep.Days, (await Sweep.RunAsync()).Records);
    }

    [Fact]
    public async Task A_record_made_just_before_midnight_and_counted_after_it_belongs_to_the_new_day()
    {
        var midnight = new DateTimeOffset(Day, TimeOnly.MinValue, TimeSpan.Zero);
        await new UsageWriter(store).WriteAsync([RandomRecords.Plain(random, at: midnight.AddMilliseconds(-1)) with { CreatedAt = midnight }]);

        Assert.Equal(new RollupSweepReport(1, 0, 0, 0), await Sweep.RunAsync());
    }

    private GenerationRecord Plain() => RandomRecords.Plain(random, at: Yesterday);

    private static GenerationRecord InShard(GenerationRecord record, string shard) => record with { Id = record.Id.Remove(15, 2).Insert(15, shard) };

    private async Task<GenerationRecord[]> WriteAsync(int count, string? shard = null)
    {
        var records = Enumerable.Range(0, count)
            .Select(number => RandomRecords.Plain(random, $"key{number % 3}", Yesterday, cost: number, endpoint: $"acme/m{number % 2}@alpha"))
            .Select(record => shard is null ? record : InShard(record, shard)).ToArray();
        await new UsageWriter(store).WriteAsync(records);
        return records;
    }

    private async Task ChangeAsync(string partition, string name, Func<UsageSum, UsageSum> change)
    {
        if (await store.GetAsync(UsageLayout.Table, partition, name) is { } row)
            await store.CommitAsync(UsageLayout.Table, partition, [new RollupChange(name, change(UsageSum.Read(row.Properties)), null, row.ETag).ToChange()]);
    }

    /// <summary>Lets something else happen before every call.</summary>
    private sealed class InterruptedStore(ITableStore inner) : ITableStore
    {
        public ITableStore Inner => inner;

        public Func<Task>? Interrupt { get; set; }

        public async ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default)
        {
            await InterruptAsync();
            return await inner.GetAsync(table, partition, row, cancellationToken);
        }

        public async ValueTask<TablePage> QueryAsync(string table, string partition, RowRange range, int limit = 1000, string? continuation = null,
            CancellationToken cancellationToken = default)
        {
            await InterruptAsync();
            return await inner.QueryAsync(table, partition, range, limit, continuation, cancellationToken);
        }

        public async ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
            CancellationToken cancellationToken = default)
        {
            await InterruptAsync();
            return await inner.CommitAsync(table, partition, changes, cancellationToken);
        }

        private async Task InterruptAsync()
        {
            await Task.Yield();
            if (Interrupt is { } interrupt) await interrupt();
        }
    }

    private sealed class NotedDays : IUnreadableDays
    {
        public List<string> Told { get; } = [];

        public void Report(string partition, DateOnly day, Exception cause) => Told.Add($"{partition} {day:O}");
    }
}
