using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Core.Tests.Usage;

public sealed class InProcessUsageQueueTests
{
    private readonly Random random = new(6);
    private readonly VirtualTimeProvider time = new();
    private readonly GatedStore store = new(new MemoryTableStore());
    private readonly FaultyInbox inbox = new();

    private InProcessUsageQueue Start(int capacity = 4096) => InProcessUsageQueue.Start(store, inbox, time, capacity);

    private List<string> IdsInInbox() => [.. inbox.TakePending().Select(record => record.Id)];

    private async Task<UsageSum> TotalAsync() => (await new UsageTotals(store.Inner, time).ReadAllKeysAsync()).AllTime;

    [Fact]
    public async Task Acceptance_waits_until_the_record_is_written()
    {
        await using var queue = Start();
        inbox.BlockNext();
        var accepted = queue.EnqueueAsync(RandomRecords.Plain(random)).AsTask();
        await inbox.Reached;
        Assert.False(accepted.IsCompleted);
        inbox.Unblock();
        await accepted;
        await queue.FlushAsync();
        Assert.Equal(1, (await TotalAsync()).Requests);
    }

    [Fact]
    public async Task Store_that_takes_no_more_is_a_fault_once_new_records_no_longer_become_durable()
    {
        await using var queue = Start();
        store.Close();
        // More than are held for counting and one batch of acceptance: the rest waits.
        var accepted = Enumerable.Range(0, 8000).Select(_ => queue.EnqueueAsync(RandomRecords.Plain(random)).AsTask()).ToArray();
        await store.Reached;
        await Eventually(() => IdsInInbox().Count > 4096);
        Assert.Null(queue.State.Fault);

        await time.TickUntilAsync(() => queue.State.Fault is not null, 100);

        Assert.Contains(accepted, task => !task.IsCompleted);
        store.Open();
        await Task.WhenAll(accepted).WaitAsync(TimeSpan.FromSeconds(30));
        await queue.FlushAsync();
        Assert.Equal(8000, (await TotalAsync()).Requests);
        Assert.Equal(default, queue.State);
    }

    [Fact]
    public async Task Records_wait_while_the_inbox_cannot_be_written_and_are_accepted_when_it_can()
    {
        await using var queue = Start();
        inbox.Failing = true;
        var accepted = Enumerable.Range(0, 10).Select(_ => queue.EnqueueAsync(RandomRecords.Plain(random)).AsTask()).ToArray();
        for (var tries = 0; tries < 10; tries++)
        {
            await Eventually(() => time.PendingTimers == 1);
            Assert.IsType<StorageUnavailableException>(queue.State.Fault);
            Assert.DoesNotContain(accepted, task => task.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(5));
        }
        await Eventually(() => time.PendingTimers == 1);
        inbox.Failing = false;
        time.Advance(TimeSpan.FromSeconds(5));
        await Task.WhenAll(accepted);
        Assert.Null(queue.State.Fault);
        await queue.FlushAsync();
        Assert.Equal(10, (await TotalAsync()).Requests);
    }

    [Fact]
    public async Task Inbox_that_hangs_is_a_fault_after_five_seconds_and_none_when_it_goes_on()
    {
        await using var queue = Start();
        inbox.BlockNext();
        var accepted = queue.EnqueueAsync(RandomRecords.Plain(random)).AsTask();
        await inbox.Reached;
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(default, queue.State);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.IsType<StorageUnavailableException>(queue.State.Fault);
        inbox.Unblock();
        await accepted;
        Assert.Equal(default, queue.State);
    }

    [Fact]
    public async Task While_the_store_fails_records_are_accepted_and_they_are_counted_when_it_is_back()
    {
        await using var queue = Start();
        store.Failing = true;
        for (var i = 0; i < 10; i++) await queue.EnqueueAsync(RandomRecords.Plain(random));
        var counted = queue.FlushAsync().AsTask();
        await Eventually(() => queue.State.Fault is StorageUnavailableException && time.PendingTimers == 1);
        Assert.False(counted.IsCompleted);
        store.Failing = false;
        time.Advance(TimeSpan.FromSeconds(5));
        await counted;
        Assert.Null(queue.State.Fault);
        Assert.Equal(10, (await TotalAsync()).Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reader_is_told_to_come_again_while_records_are_not_counted(bool fails)
    {
        await using var queue = Start();
        var record = RandomRecords.Plain(random, "key");
        if (fails) store.Failing = true;
        else store.Close();
        await queue.EnqueueAsync(record);
        Task[] readers =
        [
            new UsageTotals(store, time, queue).ReadAsync("key"),
            new UsageTotals(store, time, queue).ReadAllKeysAsync(),
            new GenerationStore(store, queue).FindAsync(record.Id).AsTask(),
        ];
        if (fails) await Eventually(() => queue.State.Fault is not null);
        else time.Advance(TimeSpan.FromSeconds(5));

        foreach (var reader in readers)
        {
            // Those that came before the fault was seen wait five seconds for it to end.
            time.Advance(TimeSpan.FromSeconds(5));
            await Assert.ThrowsAsync<StorageUnavailableException>(() => reader.WaitAsync(TimeSpan.FromSeconds(10)));
        }
        // Once it is seen nobody waits.
        if (fails) await Assert.ThrowsAsync<StorageUnavailableException>(() => new UsageTotals(store, time, queue).ReadAsync("key"));
        if (fails) await Eventually(() => time.PendingTimers == 1);
        store.Failing = false;
        store.Open();
        time.Advance(TimeSpan.FromSeconds(5));
        await queue.FlushAsync();
        Assert.Equal(1, (await new UsageTotals(store, time, queue).ReadAsync("key")).AllTime.Requests);
    }

    [Fact]
    public async Task Usage_of_a_key_is_read_without_an_answer_that_the_caller_takes_long_to_read()
    {
        await using var queue = Start();
        queue.Announce("gen-1", "key");

        var reading = new UsageTotals(store, time, queue).ReadAsync("key");
        Assert.False(reading.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(default, (await reading.WaitAsync(TimeSpan.FromSeconds(10))).AllTime);
    }

    [Fact]
    public async Task Usage_of_a_key_waits_for_what_was_queued_at_the_call_and_not_for_strangers_who_come_later()
    {
        await using var queue = Start();
        queue.Announce("gen-1", "key");
        await queue.EnqueueAsync(RandomRecords.Plain(random, "key"));

        var reading = new UsageTotals(store, time, queue).ReadAsync("key");
        await Eventually(() => TotalAsync().GetAwaiter().GetResult().Requests == 1);
        store.Close();
        await queue.EnqueueAsync(RandomRecords.Plain(random, "stranger"));
        Assert.False(reading.IsCompleted);

        Assert.Equal(1, (await time.TickAsync(reading, 1000)).AllTime.Requests);
        store.Open();
    }

    [Fact]
    public async Task Records_are_gathered_again_once_the_reader_of_an_open_answer_gave_up()
    {
        await using var queue = Start();
        queue.Announce("gen-1", "key");
        var reading = new UsageTotals(store, time, queue).ReadAsync("key");
        time.Advance(TimeSpan.FromSeconds(5));
        await reading.WaitAsync(TimeSpan.FromSeconds(10));

        await queue.EnqueueAsync(RandomRecords.Plain(random));

        await Eventually(() => time.PendingTimers == 1);
        Assert.Equal(0, (await TotalAsync()).Requests);
    }

    [Fact]
    public async Task Texts_of_any_length_are_accepted_cut_and_do_not_stop_the_others()
    {
        var endless = new string('\u0001', 3_000_000);
        var record = RandomRecords.Plain(random) with { ExternalUser = endless, UpstreamId = endless, RequestedModel = endless };
        await using (var queue = Start())
        {
            store.Failing = true;
            await queue.EnqueueAsync(record);
            await queue.EnqueueAsync(RandomRecords.Plain(random));
            Assert.All(inbox.TakePending(), kept => Assert.InRange(GenerationRecordJson.Encode(kept).Length, 1, 50_000));
            store.Failing = false;
        }
        Assert.Equal(2, (await TotalAsync()).Requests);
        Assert.Equal(endless[..1000], (await new GenerationStore(store).FindAsync(record.Id))!.ExternalUser);
    }

    [Fact]
    public async Task Records_that_come_after_somebody_waited_are_gathered_again()
    {
        await using var queue = Start();
        store.Close();
        var waitedFor = RandomRecords.Plain(random);
        await queue.EnqueueAsync(waitedFor);
        var waiting = queue.WaitForAsync(waitedFor.Id).AsTask();
        await store.Reached;
        await queue.EnqueueAsync(RandomRecords.Plain(random));
        store.Open();
        await waiting;
        await Eventually(() => time.PendingTimers == 1);
        Assert.Equal(1, (await TotalAsync()).Requests);
    }

    [Fact]
    public async Task Accepted_records_are_counted_together_after_a_second()
    {
        await using var queue = Start();
        for (var i = 0; i < 20; i++) await queue.EnqueueAsync(RandomRecords.Plain(random));
        await Eventually(() => time.PendingTimers == 1);
        Assert.Equal(0, (await TotalAsync()).Requests);

        time.Advance(TimeSpan.FromSeconds(1));

        await Eventually(() => TotalAsync().GetAwaiter().GetResult().Requests == 20);
    }

    [Fact]
    public async Task Accepted_records_that_cannot_be_counted_at_closing_stay_in_the_inbox()
    {
        var queue = Start();
        var record = RandomRecords.Plain(random);
        await queue.EnqueueAsync(record);
        store.Failing = true;
        var closing = queue.DisposeAsync().AsTask();
        for (var seconds = 0; seconds < 60 && !closing.IsCompleted; seconds++)
        {
            await Eventually(() => time.PendingTimers == 2 || closing.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(1));
        }
        await closing;

        Assert.Equal(record.Id, Assert.Single(IdsInInbox()));
    }

    [Fact]
    public async Task Record_with_an_id_that_is_not_ours_is_refused_at_once()
    {
        await using var queue = Start();

        await Assert.ThrowsAsync<ArgumentException>(() => queue.EnqueueAsync(RandomRecords.Plain(random) with { Id = "chatcmpl-1" }).AsTask());
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_but_a_queued_record_is_written()
    {
        await using var queue = Start();
        inbox.BlockNext();
        using var cancellation = new CancellationTokenSource();
        var accepted = queue.EnqueueAsync(RandomRecords.Plain(random), cancellation.Token).AsTask();
        await inbox.Reached;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepted);
        inbox.Unblock();
        await queue.DisposeAsync();
        Assert.Equal(1, (await TotalAsync()).Requests);
    }

    [Fact]
    public async Task A_full_queue_waits_and_a_record_whose_caller_gave_up_before_it_was_queued_is_not_pending()
    {
        await using var queue = Start(capacity: 1);
        inbox.BlockNext();
        var writing = queue.EnqueueAsync(RandomRecords.Plain(random)).AsTask();
        await inbox.Reached;
        var queued = queue.EnqueueAsync(RandomRecords.Plain(random)).AsTask();
        using var cancellation = new CancellationTokenSource();
        var refused = RandomRecords.Plain(random);
        var waiting = queue.EnqueueAsync(refused, cancellation.Token).AsTask();
        var patient = queue.EnqueueAsync(RandomRecords.Plain(random)).AsTask();
        Assert.False(waiting.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await queue.WaitForAsync(refused.Id);
        inbox.Unblock();
        await Task.WhenAll(writing, queued, patient);
        await queue.FlushAsync();
        Assert.Equal(3, (await TotalAsync()).Requests);
    }

    [Fact]
    public async Task Closing_writes_what_is_queued_and_refuses_what_comes_after()
    {
        var queue = Start();
        inbox.BlockNext();
        var accepted = Enumerable.Range(0, 500).Select(_ => queue.EnqueueAsync(RandomRecords.Plain(random)).AsTask()).ToArray();
        await inbox.Reached;
        var closing = queue.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => queue.EnqueueAsync(RandomRecords.Plain(random)).AsTask());
        inbox.Unblock();
        await closing;
        await Task.WhenAll(accepted);
        Assert.Equal(500, (await TotalAsync()).Requests);
    }

    [Fact]
    public async Task Closing_while_the_inbox_cannot_be_written_gives_up_in_the_end_and_says_so_to_every_sender()
    {
        var queue = Start();
        inbox.Failing = true;
        var accepted = Enumerable.Range(0, 300).Select(_ => queue.EnqueueAsync(RandomRecords.Plain(random)).AsTask()).ToArray();
        await Eventually(() => time.PendingTimers == 1);
        var closing = queue.DisposeAsync().AsTask();
        for (var seconds = 0; seconds < 30; seconds++)
        {
            Assert.False(closing.IsCompleted);
            // Two waits: that of the next try, and that of the drain.
            await Eventually(() => time.PendingTimers == 2);
            time.Advance(TimeSpan.FromSeconds(1));
        }
        await closing;
        foreach (var task in accepted) await Assert.ThrowsAsync<StorageUnavailableException>(() => task);
    }

    [Fact]
    public async Task A_generation_that_is_on_its_way_is_waited_for()
    {
        await using var queue = Start();
        store.Close();
        var record = RandomRecords.Plain(random);
        var accepted = queue.EnqueueAsync(record).AsTask();
        var generations = new GenerationStore(store, queue);
        var found = generations.FindAsync(record.Id).AsTask();
        using var cancellation = new CancellationTokenSource();
        var impatient = generations.FindAsync(record.Id, cancellation.Token).AsTask();
        await store.Reached;
        Assert.False(found.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        store.Open();
        Assert.Equal(record.Id, (await found)!.Id);
        await accepted;
    }

    [Theory]
    [InlineData("gen-1795334400-AAabcdefghijklmnopqr")]
    [InlineData("chatcmpl-123")]
    [InlineData("")]
    public async Task An_unknown_id_is_not_found(string id)
    {
        await using var queue = Start();
        Assert.Null(await new GenerationStore(store, queue).FindAsync(id));
    }

    /// <summary>Waits for another thread to get somewhere; fails after ten real seconds.</summary>
    private static async Task Eventually(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
