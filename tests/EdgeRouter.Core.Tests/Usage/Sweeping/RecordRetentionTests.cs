using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.Core.Usage.Sweeping;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Core.Tests.Usage.Sweeping;

public sealed class RecordRetentionTests
{
    private const int Days = 90;
    private static readonly DateTimeOffset Now = RandomRecords.Now;
    private readonly Random random = new(14);
    private readonly VirtualTimeProvider time = new(Now);
    private readonly MemoryTableStore store = new();

    [Fact]
    public async Task Records_older_than_the_days_are_deleted_and_younger_ones_and_all_totals_stay()
    {
        var old = await WriteAsync(1000, Now.AddDays(-Days).AddSeconds(-1));
        var young = await WriteAsync(300, Now.AddDays(-Days).AddSeconds(1));
        var activity = await new UsageActivity(store).ReadAsync(DayOf(old[0]));

        Assert.Equal(1000, await new RecordRetention(store, time, Days).RunAsync());

        var generations = new GenerationStore(store);
        foreach (var record in old) Assert.Null(await generations.FindAsync(record.Id));
        foreach (var record in young) Assert.NotNull(await generations.FindAsync(record.Id));
        Assert.Equal(1300, (await new UsageTotals(store, time).ReadAllKeysAsync()).AllTime.Requests);
        Assert.Equal(activity, await new UsageActivity(store).ReadAsync(DayOf(old[0])));
        Assert.Equal(0, await new RecordRetention(store, time, Days).RunAsync());
    }

    [Fact]
    public async Task A_record_goes_when_its_time_has_come()
    {
        var record = (await WriteAsync(1, Now))[0];
        var retention = new RecordRetention(store, time, Days);

        time.Advance(TimeSpan.FromDays(Days));
        Assert.Equal(0, await retention.RunAsync());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await retention.RunAsync());

        Assert.Null(await new GenerationStore(store).FindAsync(record.Id));
    }

    [Fact]
    public async Task Zero_days_keep_records_for_ever()
    {
        await WriteAsync(5, Now.AddYears(-20));

        Assert.Equal(0, await new RecordRetention(store, time, 0).RunAsync());
    }

    [Fact]
    public async Task When_the_store_fails_the_next_run_goes_on()
    {
        await WriteAsync(500, Now.AddDays(-200));
        var failing = new FailingStore(store) { CommitsLeft = 3 };
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new RecordRetention(failing, time, Days).RunAsync());
        failing.CommitsLeft = int.MaxValue;

        var rest = await new RecordRetention(failing, time, Days).RunAsync();

        Assert.InRange(rest, 200, 499);
        Assert.Equal(0, await new RecordRetention(store, time, Days).RunAsync());
    }

    private async Task<GenerationRecord[]> WriteAsync(int count, DateTimeOffset at)
    {
        var records = Enumerable.Range(0, count).Select(_ => RandomRecords.Plain(random, at: at)).ToArray();
        await new UsageWriter(store).WriteAsync(records);
        return records;
    }

    private static DateOnly DayOf(GenerationRecord record) => DateOnly.FromDateTime(record.CreatedAt.UtcDateTime);

    private sealed class FailingStore(ITableStore inner) : ITableStore
    {
        public int CommitsLeft { get; set; }

        public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default) =>
            inner.GetAsync(table, partition, row, cancellationToken);

        public ValueTask<TablePage> QueryAsync(string table, string partition, RowRange range, int limit = 1000, string? continuation = null,
            CancellationToken cancellationToken = default) =>
            inner.QueryAsync(table, partition, range, limit, continuation, cancellationToken);

        public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
            CancellationToken cancellationToken = default) =>
            CommitsLeft-- > 0 ? inner.CommitAsync(table, partition, changes, cancellationToken) : throw new StorageUnavailableException("made to fail");
    }
}
