using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Core.Tests.Usage;

/// <summary>What an earlier process had accepted and not counted.</summary>
public sealed class LeftRecordsTests
{
    private readonly Random random = new(7);
    private readonly VirtualTimeProvider time = new();
    private readonly GatedStore store = new(new MemoryTableStore());
    private readonly FaultyInbox inbox = new();

    [Fact]
    public async Task Start_does_not_wait_for_a_store_that_cannot_take_what_was_left()
    {
        await inbox.AddAsync([.. Enumerable.Range(0, 10_000).Select(_ => RandomRecords.Plain(random))]);
        store.Failing = true;
        await using var queue = Start();
        await Eventually.TrueAsync(() => queue.State.Fault is not null);
        store.Failing = false;
        await time.TickUntilAsync(async () => (await TotalAsync()).Requests == 10_000, 1000);
    }

    [Fact]
    public async Task New_records_are_durable_at_once_however_many_were_left_and_are_counted_after_them()
    {
        await inbox.AddAsync([.. Enumerable.Range(0, 10_000).Select(_ => RandomRecords.Plain(random))]);
        store.Close();
        await using var queue = Start();
        await store.Reached;

        for (var i = 0; i < 500; i++) await queue.EnqueueAsync(RandomRecords.Plain(random)).AsTask().InTimeAsync();

        Assert.Equal(10_500, inbox.TakePending().Count);
        Assert.Equal(default, queue.State);
        store.Open();
        await time.TickUntilAsync(async () => (await TotalAsync()).Requests == 10_500, 1000);
        await Eventually.TrueAsync(() => inbox.TakePending().Count == 0);
    }

    [Fact]
    public async Task What_was_accepted_and_not_counted_when_the_process_died_is_counted_after_the_next_start()
    {
        var records = Enumerable.Range(0, 250).Select(_ => RandomRecords.Plain(random, cost: 7)).ToArray();
        await inbox.AddAsync(records);
        // The process had counted some of them, and died before it could forget them.
        await new UsageWriter(store).WriteAsync(records[..100]);

        await using (var queue = Start()) await queue.FlushAsync();

        Assert.Equal((250, 250 * 7L), ((await TotalAsync()).Requests, (await TotalAsync()).Cost.Value));
        Assert.Empty(inbox.TakePending());
    }

    private InProcessUsageQueue Start() => InProcessUsageQueue.Start(store, inbox, time);

    private async Task<UsageSum> TotalAsync() => (await new UsageTotals(store.Inner, time).ReadAllKeysAsync()).AllTime;
}
