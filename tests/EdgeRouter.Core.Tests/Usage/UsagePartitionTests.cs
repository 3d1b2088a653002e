using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Core.Tests.Usage;

/// <summary>What the writer remembers between commits saves reads and never makes a total wrong.</summary>
public sealed class UsagePartitionTests
{
    private readonly Random random = new(6);
    private readonly WatchedStore store = new(new MemoryTableStore());

    private UsageTotals Totals => new(store, new VirtualTimeProvider(RandomRecords.Now));

    [Fact]
    public async Task A_second_commit_of_the_same_roll_ups_reads_nothing()
    {
        var writer = new UsageWriter(store);
        await writer.WriteAsync([InShard("AA")]);
        Assert.Equal(7, store.Reads);
        await writer.WriteAsync([InShard("AA")]);
        Assert.Equal(7, store.Reads);
        Assert.Equal(2, (await Totals.ReadAsync("key1")).AllTime.Requests);
    }

    [Fact]
    public async Task What_another_process_wrote_meanwhile_is_read_and_added_to()
    {
        var (one, other) = (new UsageWriter(store), new UsageWriter(store));
        for (var round = 0; round < 5; round++)
        {
            await one.WriteAsync([InShard("AA")]);
            await other.WriteAsync([InShard("AA")]);
        }
        Assert.Equal(10, (await Totals.ReadAllKeysAsync()).AllTime.Requests);
    }

    [Fact]
    public async Task A_commit_that_was_applied_but_reported_as_an_outage_is_not_counted_again()
    {
        var writer = new UsageWriter(store);
        var record = InShard("AA");
        await writer.WriteAsync([InShard("AA")]);
        store.FailAfterNextCommit = true;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => writer.WriteAsync([record]));
        await writer.WriteAsync([record]);
        await writer.WriteAsync([InShard("AA")]);
        Assert.Equal(3, (await Totals.ReadAllKeysAsync()).AllTime.Requests);
    }

    [Fact]
    public async Task More_roll_ups_than_are_remembered_still_add_up()
    {
        var writer = new UsageWriter(store);
        for (var round = 0; round < 3; round++) await writer.WriteAsync([.. Enumerable.Range(0, 700).Select(key => InShard("AA", $"key{key}"))]);
        Assert.Equal(2100, (await Totals.ReadAllKeysAsync()).AllTime.Requests);
        Assert.Equal((3, 3), ((await Totals.ReadAsync("key0")).AllTime.Requests, (await Totals.ReadAsync("key699")).Daily.Requests));
    }

    [Fact]
    public async Task A_caller_who_gives_up_waiting_for_its_turn_disturbs_nobody()
    {
        var writer = new UsageWriter(store);
        store.Pause = new TaskCompletionSource();
        var first = writer.WriteAsync([InShard("AA")]);
        using var patience = new CancellationTokenSource();
        var second = writer.WriteAsync([InShard("AA")], patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        store.Pause.SetResult();
        await first;
        await writer.WriteAsync([InShard("AA")]);
        Assert.Equal(2, (await Totals.ReadAllKeysAsync()).AllTime.Requests);
    }

    private GenerationRecord InShard(string shard, string key = "key1")
    {
        var record = RandomRecords.Plain(random, key);
        return record with { Id = record.Id.Remove(15, 2).Insert(15, shard) };
    }

    /// <summary>Counts point reads; can hold commits back, or lose the answer to one.</summary>
    private sealed class WatchedStore(ITableStore inner) : ITableStore
    {
        public int Reads { get; private set; }

        public bool FailAfterNextCommit { get; set; }

        public TaskCompletionSource? Pause { get; set; }

        public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default)
        {
            Reads++;
            return inner.GetAsync(table, partition, row, cancellationToken);
        }

        public ValueTask<TablePage> QueryAsync(string table, string partition, RowRange range, int limit = 1000, string? continuation = null,
            CancellationToken cancellationToken = default) =>
            inner.QueryAsync(table, partition, range, limit, continuation, cancellationToken);

        public async ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
            CancellationToken cancellationToken = default)
        {
            if (Pause is { } pause) await pause.Task;
            var result = await inner.CommitAsync(table, partition, changes, cancellationToken);
            if (!FailAfterNextCommit) return result;
            FailAfterNextCommit = false;
            throw new StorageUnavailableException("The answer was lost.");
        }
    }
}
