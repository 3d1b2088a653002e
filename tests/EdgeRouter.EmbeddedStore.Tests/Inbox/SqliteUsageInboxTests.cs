using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Tests.Usage;
using EdgeRouter.Core.Usage;
using Xunit;

namespace EdgeRouter.EmbeddedStore.Tests.Inbox;

public sealed class SqliteUsageInboxTests : IDisposable
{
    private readonly Random random = new(11);
    private readonly StoreFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_added_and_not_removed_is_left_for_the_next_process_whole_and_in_order()
    {
        var records = Some(300, RandomRecords.Any);
        await using (var store = folder.Open())
        {
            foreach (var batch in records.Chunk(7)) await store.Inbox.AddAsync(batch);
            await store.Inbox.RemoveAsync(120);
        }
        await using var again = folder.Open();
        var left = again.Inbox.TakePending();
        Assert.Equal(Ids(records[120..]), Ids(left));
        foreach (var (kept, read) in records[120..].Zip(left)) Assert.Equal(kept, read with { Attempts = kept.Attempts });
        Assert.Empty(again.Inbox.TakePending());
    }

    [Fact]
    public async Task When_everything_is_removed_nothing_is_left()
    {
        await using (var store = folder.Open())
        {
            await store.Inbox.AddAsync(Some(3));
            await store.Inbox.AddAsync(Some(4));
            await store.Inbox.RemoveAsync(5);
            await store.Inbox.RemoveAsync(2);
        }
        await using var again = folder.Open();
        Assert.Empty(again.Inbox.TakePending());
    }

    [Fact]
    public async Task The_file_stays_small_under_a_load_that_never_pauses()
    {
        var pending = new Queue<string>();
        await using (var store = folder.Open())
        {
            for (var round = 0; round < 400; round++)
            {
                var records = Some(100);
                await store.Inbox.AddAsync(records);
                foreach (var record in records) pending.Enqueue(record.Id);
                // There is always a batch that is not counted yet.
                var counted = Math.Max(0, pending.Count - random.Next(100, 1500));
                await store.Inbox.RemoveAsync(counted);
                for (; counted > 0; counted--) pending.Dequeue();
            }
        }
        Assert.InRange(new FileInfo(folder.File).Length, 1, 4 * 1024 * 1024);
        await using var again = folder.Open();
        Assert.Equal(pending, Ids(again.Inbox.TakePending()));
    }

    [Fact]
    public async Task Records_left_by_an_earlier_process_are_the_first_to_be_removed()
    {
        await using (var first = folder.Open()) await first.Inbox.AddAsync(Some(5));
        var added = Some(2);
        await using (var second = folder.Open())
        {
            Assert.Equal(5, second.Inbox.TakePending().Count);
            await second.Inbox.AddAsync(added);
            await second.Inbox.RemoveAsync(5);
        }
        await using var third = folder.Open();
        Assert.Equal(Ids(added), Ids(third.Inbox.TakePending()));
    }

    [Fact]
    public async Task Records_that_could_not_be_written_are_not_in_it_and_later_ones_are()
    {
        var (before, refused, after) = (Some(1), Some(1), Some(1));
        await using (var store = folder.Open())
        {
            await store.Inbox.AddAsync(before);
            store.Writer.BeforeCommit = () => throw new IOException("made to fail");
            await Assert.ThrowsAsync<StorageUnavailableException>(async () => await store.Inbox.AddAsync(refused));
            await Assert.ThrowsAsync<StorageUnavailableException>(async () => await store.Inbox.RemoveAsync(1));
            store.Writer.BeforeCommit = null;
            await store.Inbox.AddAsync(after);
        }
        await using var again = folder.Open();
        Assert.Equal(Ids([.. before, .. after]), Ids(again.Inbox.TakePending()));
    }

    [Fact]
    public async Task A_removal_that_could_not_be_written_may_be_tried_again()
    {
        await using (var store = folder.Open())
        {
            await store.Inbox.AddAsync(Some(3));
            store.Writer.BeforeCommit = () => throw new IOException("made to fail");
            await Assert.ThrowsAsync<StorageUnavailableException>(async () => await store.Inbox.RemoveAsync(3));
            store.Writer.BeforeCommit = null;
            await store.Inbox.RemoveAsync(3);
            await store.Inbox.AddAsync(Some(1));
        }
        await using var again = folder.Open();
        Assert.Single(again.Inbox.TakePending());
    }

    [Fact]
    public async Task Ten_thousand_records_with_duplicates_are_neither_lost_nor_counted_twice_and_survive_a_restart()
    {
        var records = Enumerable.Range(0, 10_000).Select(number => RandomRecords.Plain(random, key: $"key{number % 3}", cost: number)).ToArray();
        await using (var store = folder.Open())
        {
            await using var queue = InProcessUsageQueue.Start(store, store.Inbox, TimeProvider.System, capacity: 500);
            var deliveries = records.Concat(records.Where((_, index) => index % 3 == 0)).OrderBy(_ => random.Next()).ToArray();
            await Task.WhenAll(deliveries.Select(record => queue.EnqueueAsync(record).AsTask()));
        }
        await using var again = folder.Open();
        Assert.Empty(again.Inbox.TakePending());
        var total = (await new UsageTotals(again, TimeProvider.System).ReadAllKeysAsync()).AllTime;
        Assert.Equal((10_000, records.Sum(record => record.Cost.Value)), (total.Requests, total.Cost.Value));
        var generations = new GenerationStore(again);
        foreach (var record in records) Assert.Equal(record.Cost, (await generations.FindAsync(record.Id))!.Cost);
    }

    private GenerationRecord[] Some(int count) => Some(count, random => RandomRecords.Plain(random));

    private GenerationRecord[] Some(int count, Func<Random, GenerationRecord> make) => [.. Enumerable.Range(0, count).Select(_ => make(random))];

    private static IEnumerable<string> Ids(IEnumerable<GenerationRecord> records) => records.Select(record => record.Id);
}
