using EdgeRouter.AzureAdapters.ServiceBus;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Tests.Usage;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.ServiceBus;

public sealed class OutageTests : IAsyncDisposable
{
    private readonly Random random = new(22);
    private readonly QueueUnderTest under = new();

    public ValueTask DisposeAsync() => under.DisposeAsync();

    private Task EnqueueAsync(ServiceBusUsageQueue queue, params GenerationRecord[] records) =>
        under.Time.TickAsync(Task.WhenAll(records.Select(record => queue.EnqueueAsync(record).AsTask())));

    private async Task<long> CountAsync(ITableStore store) => (await new UsageTotals(store, under.Time).ReadAllKeysAsync()).AllTime.Requests;

    [Fact]
    public async Task Ten_minutes_away_records_are_accepted_and_arrive_once_in_their_order_when_it_is_back()
    {
        var queue = under.Start();
        var before = RandomRecords.Many(random, 5);
        await EnqueueAsync(queue, before);
        under.Broker.Away = true;
        var during = new List<GenerationRecord>();
        var end = under.Time.GetUtcNow() + TimeSpan.FromMinutes(10);
        while (under.Time.GetUtcNow() < end)
        {
            var records = RandomRecords.Many(random, 3);
            await EnqueueAsync(queue, records);
            during.AddRange(records);
            under.Time.Advance(TimeSpan.FromSeconds(5));
        }
        Assert.Equal(during.Count, queue.Backlog);
        Assert.NotNull(queue.LastError);
        Assert.Equal(1, under.Queue.Count);
        under.Broker.Away = false;
        await under.Time.TickUntilAsync(() => queue.Backlog == 0, 1000);
        var after = RandomRecords.Plain(random);
        await EnqueueAsync(queue, after);
        string[] expected = [.. before.Select(record => record.Id), .. during.Select(record => record.Id), after.Id];
        Assert.Equal(expected, await under.RecordIdsAsync());
        Assert.Equal(["away: ServiceBusException", "back"], under.Told);
        Assert.Null(queue.LastError);
    }

    [Fact]
    public async Task While_it_is_away_the_tries_become_rare()
    {
        var queue = under.Start();
        under.Broker.Away = true;
        await EnqueueAsync(queue, RandomRecords.Plain(random));
        var tries = new List<DateTimeOffset>();
        for (var calls = under.Broker.Calls; tries.Count < 9; calls = under.Broker.Calls)
        {
            await under.Time.TickUntilAsync(() => under.Broker.Calls > calls, 500);
            tries.Add(under.Time.GetUtcNow());
        }
        Assert.True(tries[^1] - tries[^2] >= TimeSpan.FromSeconds(14), string.Join(", ", tries));
        Assert.True(tries[^1] - tries[0] >= TimeSpan.FromSeconds(60), string.Join(", ", tries));
    }

    [Fact]
    public async Task What_a_process_left_in_its_journal_is_sent_by_the_next_one()
    {
        under.Broker.Away = true;
        var records = RandomRecords.Many(random, 500);
        var queue = under.Start();
        await EnqueueAsync(queue, records);
        await under.Time.TickAsync(queue.DisposeAsync().AsTask(), 1000);
        under.Broker.Away = false;
        var next = under.Start();
        await under.Time.TickUntilAsync(() => next.Backlog == 0, 1000);
        Assert.Equal(records.Select(record => record.Id), await under.RecordIdsAsync());
    }

    [Fact]
    public async Task A_fault_while_a_dead_process_s_journal_is_taken_ends_neither_its_sending_nor_that_of_later_records()
    {
        under.Broker.Away = true;
        var older = under.Start();
        var left = RandomRecords.Plain(random);
        await EnqueueAsync(older, left);
        var found = 0;
        var queue = under.Start(options => options with { OnJournalFound = _ => throw new InvalidOperationException($"fault {++found}") });
        var own = RandomRecords.Plain(random);
        await EnqueueAsync(queue, own);
        await under.Time.TickAsync(older.DisposeAsync().AsTask(), 1000);

        under.Broker.Away = false;
        await under.Time.TickUntilAsync(() => queue.Backlog == 0 && queue.LastError is null && found == 1, 1000);

        under.Broker.Away = true;
        var later = RandomRecords.Plain(random);
        await EnqueueAsync(queue, later);
        under.Broker.Away = false;
        await under.Time.TickUntilAsync(() => queue.Backlog == 0, 1000);
        Assert.Equal([own.Id, left.Id, later.Id], await under.RecordIdsAsync());
    }

    [Fact]
    public async Task What_Service_Bus_does_not_take_before_the_machine_ends_is_written_without_it()
    {
        var store = new MemoryTableStore();
        under.Broker.Away = true;
        var records = RandomRecords.Many(random, 4000);
        var queue = under.Start(options => options with { WriteUnsent = new UsageWriter(store).WriteAsync });
        await EnqueueAsync(queue, records);
        Assert.Equal(4000, queue.Backlog);

        await queue.DisposeAsync().AsTask().InTimeAsync();

        Assert.Equal(4000, await CountAsync(store));
        var next = under.Start();
        Assert.Equal(0, next.Backlog);
    }

    [Fact]
    public async Task A_send_that_is_never_answered_does_not_keep_the_journal_from_being_written_when_the_machine_ends()
    {
        var store = new MemoryTableStore();
        var queue = under.Start(options => options with { WriteUnsent = new UsageWriter(store).WriteAsync });
        under.Broker.Silent = true;
        await EnqueueAsync(queue, RandomRecords.Many(random, 50));
        var calls = under.Broker.Calls;
        await under.Time.TickUntilAsync(() => under.Broker.Calls > calls);
        Assert.Equal(50, queue.Backlog);

        // The clock stands still: nothing is waited for.
        await queue.DisposeAsync().AsTask().InTimeAsync();

        Assert.Equal(50, await CountAsync(store));
    }

    [Fact]
    public async Task A_bus_that_falls_silent_as_the_machine_ends_has_a_second_to_answer()
    {
        var store = new MemoryTableStore();
        DateTimeOffset? written = null;
        var queue = under.Start(options => options with
        {
            WriteUnsent = (records, stop) =>
            {
                written ??= under.Time.GetUtcNow();
                return new UsageWriter(store).WriteAsync(records, stop);
            },
        });
        under.Broker.Silent = true;
        var accepted = Task.WhenAll(RandomRecords.Many(random, 50).Select(record => queue.EnqueueAsync(record).AsTask()));
        await under.Time.TickUntilAsync(() => under.Broker.Calls > 0);

        var began = under.Time.GetUtcNow();
        // Small steps: what the queue does when its time is over takes real time, in which the clock goes on.
        await under.Time.TickAsync(queue.DisposeAsync().AsTask(), 2);

        Assert.InRange(written!.Value - began, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        await accepted.InTimeAsync();
        Assert.Equal(50, await CountAsync(store));
    }

    [Fact]
    public async Task A_full_journal_is_handed_over_for_what_still_waits_when_the_machine_ends()
    {
        var store = new MemoryTableStore();
        var queue = under.Start(options =>
            options with
            {
                MaxJournalBytes = 30 * UsageMessage.EncodeRecord(RandomRecords.Plain(random)).Length,
                WriteUnsent = new UsageWriter(store).WriteAsync,
                HandOverAfter = TimeSpan.FromHours(1)
            });
        under.Broker.Away = true;
        await EnqueueAsync(queue, RandomRecords.Many(random, 20));
        var waiting = Task.WhenAll(RandomRecords.Many(random, 20).Select(record => queue.EnqueueAsync(record).AsTask()));
        await under.Time.TickUntilAsync(() => queue.LastError is StorageUnavailableException);

        await under.Time.TickAsync(queue.DisposeAsync().AsTask(), 10);

        await waiting.InTimeAsync();
        Assert.Equal(40, await CountAsync(store));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_has_waited_for_half_a_minute_is_written_without_Service_Bus_and_callers_do_not_wait_for_it(bool isSilent)
    {
        var store = new MemoryTableStore();
        var queue = under.Start(options => options with { WriteUnsent = new UsageWriter(store).WriteAsync });
        (under.Broker.Away, under.Broker.Silent) = (!isSilent, isSilent);
        await EnqueueAsync(queue, RandomRecords.Many(random, 300));
        var start = under.Time.GetUtcNow();
        await under.Time.TickUntilAsync(() => queue.Backlog == 0, 100);
        Assert.InRange((under.Time.GetUtcNow() - start).TotalSeconds, 15, 120);
        Assert.Equal(300, await CountAsync(store));

        start = under.Time.GetUtcNow();
        await EnqueueAsync(queue, RandomRecords.Plain(random));
        Assert.InRange((under.Time.GetUtcNow() - start).TotalSeconds, 0, 5);
        Assert.NotNull(queue.LastError);
        await under.Time.TickUntilAsync(() => queue.Backlog == 0, 100);

        (under.Broker.Away, under.Broker.Silent) = (false, false);
        await EnqueueAsync(queue, RandomRecords.Plain(random));
        await under.Time.TickUntilAsync(() => queue.LastError is null && queue.Backlog == 0, 100);
        Assert.Equal((301, 1), ((int)await CountAsync(store), (await under.RecordIdsAsync()).Length));
    }

    [Fact]
    public async Task While_records_keep_coming_the_bus_is_tried_between_writes_without_it_and_found_when_it_is_back()
    {
        var store = new MemoryTableStore();
        var writer = new UsageWriter(store);
        var enqueued = 0;
        using var stop = new CancellationTokenSource();
        var queue = under.Start(options => options with
        {
            // Slower than records come: the journal is never empty.
            WriteUnsent = async (records, token) =>
            {
                var before = Volatile.Read(ref enqueued);
                await Eventually.TrueAsync(() => Volatile.Read(ref enqueued) > before || stop.IsCancellationRequested, "the next record");
                await writer.WriteAsync(records, token);
            },
        });
        under.Broker.Away = true;
        var traffic = Task.Run(async () =>
        {
            for (; !stop.IsCancellationRequested; Interlocked.Increment(ref enqueued)) await queue.EnqueueAsync(RandomRecords.Plain(random));
        });
        await under.Time.TickUntilAsync(async () => await CountAsync(store) > 0, 100, what: "a record to be written without the bus");

        under.Broker.Away = false;
        await under.Time.TickUntilAsync(() => queue.LastError is null, 100);

        await stop.CancelAsync();
        await under.Time.TickAsync(traffic, 100);
        await under.Time.TickUntilAsync(() => queue.Backlog == 0, 100);
        var sent = await under.RecordIdsAsync();
        Assert.Equal(enqueued, await CountAsync(store) + sent.Length);
        Assert.NotEmpty(sent);
    }

    [Fact]
    public async Task A_fault_of_the_journal_that_nobody_foresaw_makes_callers_wait_and_ends_nothing()
    {
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(Path.Combine(under.JournalFolder, "0"));
        File.SetUnixFileMode(Path.Combine(under.JournalFolder, "0"), (UnixFileMode)0b111_111_111);
        var queue = under.Start(options => options with { OnJournalUnsafe = _ => throw new InvalidOperationException("made to fail") });
        under.Broker.Away = true;
        var accepted = queue.EnqueueAsync(RandomRecords.Plain(random)).AsTask();
        await under.Time.TickUntilAsync(() => queue.State.Fault is InvalidOperationException);
        await under.Time.TickAsync(accepted);
        await EnqueueAsync(queue, RandomRecords.Plain(random));
        Assert.Equal((default, 2), (queue.State, queue.Backlog));
    }

    [Fact]
    public async Task Tables_that_are_away_for_a_moment_get_the_journal_when_they_are_back()
    {
        var store = new MemoryTableStore();
        var writer = new UsageWriter(store);
        var tries = 0;
        under.Broker.Away = true;
        var queue = under.Start(options =>
            options with
            {
                WriteUnsent = (records, token) => ++tries < 4
            ? Task.FromException(new StorageUnavailableException("made to fail")) : writer.WriteAsync(records, token)
            });
        await EnqueueAsync(queue, RandomRecords.Many(random, 7));

        await under.Time.TickAsync(queue.DisposeAsync().AsTask(), 10);

        Assert.Equal(7, await CountAsync(store));
    }

    [Fact]
    public async Task A_message_that_cannot_be_written_is_told_of_stepped_over_and_left_for_Service_Bus()
    {
        var store = new MemoryTableStore();
        var writer = new UsageWriter(store);
        under.Broker.Away = true;
        var cursed = RandomRecords.Plain(random, key: "cursed");
        var unwritable = new List<string>();
        var queue = under.Start(options => options with
        {
            OnUnwritable = (id, error) => unwritable.Add($"{id.Length} {error.Message}"),
            WriteUnsent = (records, token) => records.Any(record => record.Id == cursed.Id)
                ? Task.FromException(new InvalidOperationException("made to fail")) : writer.WriteAsync(records, token),
        });
        await EnqueueAsync(queue, RandomRecords.Many(random, 200));
        await EnqueueAsync(queue, cursed);
        for (var message = 0; message < 20; message++) await EnqueueAsync(queue, RandomRecords.Plain(random));

        await under.Time.TickAsync(queue.DisposeAsync().AsTask(), 10);

        Assert.Equal(220, await CountAsync(store));
        Assert.Equal(["64 made to fail"], unwritable);
        under.Broker.Away = false;
        var next = under.Start();
        await under.Time.TickUntilAsync(() => next.Backlog == 0);
        Assert.Equal([cursed.Id], await under.RecordIdsAsync());
    }

    [Fact]
    public async Task When_nothing_takes_it_it_stays_in_the_journal()
    {
        under.Broker.Away = true;
        var queue = under.Start(options => options with { WriteUnsent = (_, _) => Task.FromException(new StorageUnavailableException("made to fail")) });
        await EnqueueAsync(queue, RandomRecords.Many(random, 7));

        await under.Time.TickAsync(queue.DisposeAsync().AsTask(), 100);

        var next = under.Start();
        Assert.Equal(7, next.Backlog);
    }

    [Fact]
    public async Task Closing_sends_the_journal_if_it_can()
    {
        under.Broker.Away = true;
        var queue = under.Start();
        await EnqueueAsync(queue, RandomRecords.Plain(random));
        under.Broker.Away = false;
        await queue.DisposeAsync().AsTask().InTimeAsync();
        Assert.Single(await under.RecordIdsAsync());
    }

    [Fact]
    public async Task A_message_whose_acknowledgement_was_lost_is_sent_again_under_its_id_and_arrives_once()
    {
        var queue = under.Start();
        under.Broker.LoseAcknowledgements(3);
        var record = RandomRecords.Plain(random);
        await EnqueueAsync(queue, record);
        await under.Time.TickUntilAsync(() => queue.Backlog == 0, 1000);
        Assert.Equal(3, under.Queue.Duplicates);
        Assert.Equal([record.Id], await under.RecordIdsAsync());
    }

    [Fact]
    public async Task A_full_journal_makes_callers_wait_and_loses_nothing()
    {
        var queue = under.Start(options => options with { MaxJournalBytes = 2000 });
        under.Broker.Away = true;
        var kept = RandomRecords.Plain(random);
        await EnqueueAsync(queue, kept);
        // Service Bus is away and the journal takes records: they are safe.
        Assert.NotNull(queue.LastError);
        Assert.Equal(default, queue.State);
        var waiting = RandomRecords.Many(random, 20);
        var accepted = Task.WhenAll(waiting.Select(record => queue.EnqueueAsync(record).AsTask()));
        await under.Time.TickUntilAsync(() => queue.LastError is StorageUnavailableException, 100);
        Assert.False(accepted.IsCompleted);
        Assert.Equal(1, queue.Backlog);
        Assert.IsType<StorageUnavailableException>(queue.State.Fault);
        under.Broker.Away = false;
        await under.Time.TickAsync(accepted, 100);
        Assert.Equal(default, queue.State);
        await under.Time.TickUntilAsync(() => queue.Backlog == 0, 100);
        string[] expected = [kept.Id, .. waiting.Select(record => record.Id)];
        Assert.Equal(expected, await under.RecordIdsAsync());
    }

    [Fact]
    public async Task Processes_on_one_machine_have_journals_of_their_own()
    {
        under.Broker.Away = true;
        var first = under.Start();
        var second = under.Start();
        await EnqueueAsync(first, RandomRecords.Many(random, 2));
        await EnqueueAsync(second, RandomRecords.Many(random, 3));
        Assert.Equal((2, 3), (first.Backlog, second.Backlog));
        under.Broker.Away = false;
        await under.Time.TickUntilAsync(() => first.Backlog + second.Backlog == 0, 1000);
        Assert.Equal(5, (await under.RecordIdsAsync()).Length);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_said_at_start()
    {
        var file = Path.Combine(under.JournalFolder, "file");
        File.WriteAllText(file, "");
        Assert.Throws<StorageUnavailableException>(() => under.Start(options => options with { JournalFolder = Path.Combine(file, "journal") }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Through_any_sequence_of_outages_restarts_and_lost_acknowledgements_every_record_arrives_once(int seed)
    {
        var chance = new Random(seed);
        var sent = new List<string>();
        var queue = under.Start();
        for (var round = 0; round < 60; round++)
        {
            switch (chance.Next(6))
            {
                case 0:
                    under.Broker.Away = !under.Broker.Away;
                    break;
                case 1:
                    under.Broker.LoseAcknowledgements(chance.Next(3));
                    break;
                case 2 when chance.Next(3) == 0:
                    await under.Time.TickAsync(queue.DisposeAsync().AsTask(), 1000);
                    queue = under.Start();
                    break;
                default:
                    var records = RandomRecords.Many(chance, chance.Next(1, 450));
                    await EnqueueAsync(queue, records);
                    sent.AddRange(records.Select(record => record.Id));
                    break;
            }
        }
        under.Broker.Away = false;
        await under.Time.TickUntilAsync(() => queue.Backlog == 0, 1000);
        await queue.DisposeAsync().AsTask().InTimeAsync();
        Assert.Equal(sent, await under.RecordIdsAsync());
    }
}
