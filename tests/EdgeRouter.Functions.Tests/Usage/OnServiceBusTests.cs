using System.Net;
using Azure.Messaging.ServiceBus;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Emulators.ServiceBus;
using EdgeRouter.Emulators.ServiceBus.Faults;
using EdgeRouter.Emulators.ServiceBus.Queues;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Functions.Tests.Usage;

/// <summary>
/// The usage pipeline with the real client on both sides of the bus, over AMQP: the router sends, the host receives and settles for the worker.
/// </summary>
public sealed class OnServiceBusTests(AzuriteFixture azurite) : IDisposable
{
    private static readonly QueueOptions Options = new();

    private readonly Random random = new(81);
    private readonly List<ServiceBusEmulator> buses = [];

    [Fact]
    public async Task Ten_thousand_records_are_in_the_tables_once_each_although_connections_break_and_acknowledgements_are_lost()
    {
        var clock = new VirtualTimeProvider(TimeProvider.System.GetUtcNow());
        var (bus, queue) = NewBus(clock);
        await using var router = await RouterOnBus.StartAsync(bus, azurite.OpenTables(), writers: 4);
        var records = Records.Many(random, 10_000);
        foreach (var (index, part) in records.Chunk(1000).Index())
        {
            var accepted = Task.WhenAll(part.Select(record => router.UsageQueue.EnqueueAsync(record).AsTask()));
            if (index % 3 == 1) bus.LoseAcknowledgements(1, AcknowledgementLoss.Disconnection);
            if (index % 3 == 2) bus.DropConnections();
            await accepted.InTimeAsync();
        }
        await Eventually.TrueAsync(() =>
        {
            // Messages that were on their way to the host when a connection broke are locked for nobody.
            if (router.Functions.RunningInvocations == 0 && queue.Locked > 0) clock.Advance(Options.LockDuration);
            return router.UsageQueue.Backlog == 0 && queue.Count == 0;
        }, "the records to be written", TimeSpan.FromMinutes(2));

        Assert.Equal(records.Select(record => record.Id).Order(StringComparer.Ordinal), (await ReadIdsAsync(router.Store)).Order(StringComparer.Ordinal));
        var total = (await router.Totals.ReadAllKeysAsync()).AllTime;
        Assert.Equal((10_000, records.Sum(record => record.Cost.Value)), (total.Requests, total.Cost.Value));
        Assert.Equal(0, queue.DeadLetters.Count);
        Assert.True(bus.ConnectionsTaken > 2, "No connection broke: the test shows nothing.");
        Assert.True(queue.Deliveries > 0, "Nothing came by the bus: the test shows nothing.");
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_is_a_dead_letter_that_says_why_and_its_siblings_are_written()
    {
        var (bus, queue) = NewBus(TimeProvider.System);
        await using var client = new ServiceBusClient(bus.ConnectionString);
        var good = UsageMessage.Pack([UsageMessage.EncodeRecord(Records.Plain(random, cost: 3))]);
        await client.CreateSender("usage").SendMessagesAsync(
            [new ServiceBusMessage("{\"v\":7,\"records\":[]}") { MessageId = "bad" }, new ServiceBusMessage(good) { MessageId = "good" }]);

        await using var router = await RouterOnBus.StartAsync(bus, new MemoryTableStore());
        await Eventually.TrueAsync(() => queue.Count == 0, "both to be settled");

        Assert.Equal((2, 1), (queue.Deliveries, queue.DeadLetters.Count));
        Assert.Equal(3, (await router.Totals.ReadAllKeysAsync()).AllTime.Cost.Value);
        var dead = Assert.Single(await PeekDeadLettersAsync(client));
        Assert.Equal(("bad", UsageFunction.UnreadableReason, "The message has version 7; expected 2."),
            (dead.MessageId, dead.DeadLetterReason, dead.DeadLetterErrorDescription));
        // Looked at, not taken.
        Assert.Equal(1, queue.DeadLetters.Count);
    }

    [Fact]
    public async Task A_record_that_cannot_be_counted_goes_to_its_table_and_its_message_is_completed()
    {
        var (bus, queue) = NewBus(TimeProvider.System);
        var store = azurite.OpenTables();
        await using var router = await RouterOnBus.StartAsync(bus, store);
        GenerationRecord[] records = [Records.Plain(random) with { Cost = new NanoDollars(-1) }, Records.Plain(random, cost: 4)];
        await Task.WhenAll(records.Select(record => router.UsageQueue.EnqueueAsync(record).AsTask())).InTimeAsync("the records to be accepted");
        await Eventually.TrueAsync(() => queue.Deliveries > 0 && queue.Count == 0, "the messages to be completed");

        var row = Assert.Single((await store.QueryAsync(UsageLayout.PoisonTable, UsageLayout.PoisonPartition, RowRange.All)).Rows);
        Assert.Contains("Cost", (string)row.Properties["Reason"], StringComparison.Ordinal);
        Assert.Equal((1, 4L), await TotalAsync(router));
        Assert.Equal(0, queue.DeadLetters.Count);
    }

    [Fact]
    public async Task A_message_that_is_given_back_ten_times_is_a_dead_letter_and_counts_once_when_the_operator_sends_it_again()
    {
        var (bus, queue) = NewBus(TimeProvider.System);
        await using var client = new ServiceBusClient(bus.ConnectionString);
        var store = new FaultyStore(new MemoryTableStore());
        await using var router = await RouterOnBus.StartAsync(bus, store);
        var record = Records.Plain(random, cost: 5);
        store.CursedRow = record.Id;

        await router.UsageQueue.EnqueueAsync(record);
        await Eventually.TrueAsync(() => queue.DeadLetters.Count == 1, "the message to be given up");

        Assert.Equal((0, Options.MaxDeliveryCount), (queue.Count, queue.Deliveries));
        var dead = Assert.Single(await PeekDeadLettersAsync(client));
        Assert.Equal("MaxDeliveryCountExceeded", dead.DeadLetterReason);

        store.CursedRow = null;
        queue.ForgetIds();
        await client.CreateSender("usage").SendMessageAsync(new ServiceBusMessage(dead));
        await Eventually.TrueAsync(() => queue.Deliveries > Options.MaxDeliveryCount && queue.Count == 0, "the message to be written");
        Assert.Equal((1, 5L), await TotalAsync(router));
    }

    [Fact]
    public async Task A_message_whose_lock_outlived_the_connection_is_settled_over_the_next_one()
    {
        var (bus, queue) = NewBus(TimeProvider.System);
        var store = new FaultyStore(new MemoryTableStore()) { Away = true };
        await using var router = await RouterOnBus.StartAsync(bus, store);
        await router.UsageQueue.EnqueueAsync(Records.Plain(random, cost: 5));
        await Eventually.TrueAsync(() => store.RefusedUsage > 0, "the writer to hold the message");

        bus.DropConnections();
        store.Away = false;

        await Eventually.TrueAsync(() => queue.Count == 0, "the message to be completed");
        Assert.Equal(1, queue.Deliveries);
        Assert.Equal((1, 5L), await TotalAsync(router));
    }

    [Fact]
    public async Task A_lock_that_expires_while_the_tables_are_away_brings_the_message_again_and_it_counts_once()
    {
        var time = new VirtualTimeProvider(Records.Now);
        var (bus, queue) = NewBus(time);
        var store = new FaultyStore(new MemoryTableStore()) { Away = true };
        await using var router = await RouterOnBus.StartAsync(bus, store, time);
        await router.UsageQueue.OpenAsync();
        await time.TickAsync(router.UsageQueue.EnqueueAsync(Records.Plain(random, cost: 5)).AsTask(), 10);
        await Eventually.TrueAsync(() => store.RefusedUsage > 0, "the writer to hold the message");

        // Past the lock's end at once: the writer has no chance to give the message back in time.
        time.Advance(Options.LockDuration);
        store.Away = false;

        await time.TickUntilAsync(() => queue.Deliveries > 1 && queue.Count == 0, 100, () => store.IsBusy);
        Assert.Equal((1, 5L), await TotalAsync(router));
    }

    [Fact]
    public async Task Ten_minutes_without_the_bus_requests_go_on_and_both_sides_find_it_again()
    {
        var time = new VirtualTimeProvider(Records.Now);
        var (bus, queue) = NewBus(time);
        var store = new FaultyStore(azurite.OpenTables());
        await using var router = await RouterOnBus.StartAsync(bus, store, time);
        await router.UsageQueue.OpenAsync();
        using (var first = await time.TickAsync(router.ChatAsync(), 10)) Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await time.TickUntilAsync(() => queue.Deliveries == 1 && queue.Count == 0, 10, () => store.IsBusy);

        bus.IsAway = true;
        var requests = 1;
        for (var end = time.GetUtcNow() + TimeSpan.FromMinutes(10); time.GetUtcNow() < end; time.Advance(TimeSpan.FromSeconds(20)))
        {
            using var answer = await time.TickAsync(router.ChatAsync(stream: requests % 2 == 0), 10);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            if (requests++ % 2 != 0) continue;
            Assert.EndsWith("[DONE]\n\n", await time.TickAsync(answer.Content.ReadAsStringAsync(), 10), StringComparison.Ordinal);
        }
        // What the bus cannot take is written without it.
        await time.TickUntilAsync(() => router.Functions.RunningInvocations == 0 && router.UsageQueue.Backlog == 0, 100, () => store.IsBusy);
        Assert.Equal((requests, 1), ((await router.Totals.ReadAllKeysAsync()).AllTime.Requests, queue.Deliveries));
        Assert.InRange(requests, 20, 40);

        bus.IsAway = false;
        using (var last = await time.TickAsync(router.ChatAsync(), 10)) Assert.Equal(HttpStatusCode.OK, last.StatusCode);
        await time.TickUntilAsync(() => router.UsageQueue.Backlog == 0 && queue.Deliveries > 1 && queue.Count == 0, 10, () => store.IsBusy);
        Assert.Equal(requests + 1, (await router.Totals.ReadAllKeysAsync()).AllTime.Requests);
    }

    public void Dispose()
    {
        foreach (var bus in buses) bus.Dispose();
    }

    private (ServiceBusEmulator Bus, EmulatedQueue Queue) NewBus(TimeProvider time)
    {
        var bus = new ServiceBusEmulator(time);
        buses.Add(bus);
        return (bus, bus.AddQueue("usage", Options));
    }

    private static async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekDeadLettersAsync(ServiceBusClient client)
    {
        await using var receiver = client.CreateReceiver("usage", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        return await receiver.PeekMessagesAsync(10);
    }

    private static async Task<(long Requests, long Cost)> TotalAsync(RouterOnBus router)
    {
        var total = (await router.Totals.ReadAllKeysAsync()).AllTime;
        return (total.Requests, total.Cost.Value);
    }

    private static async Task<List<string>> ReadIdsAsync(ITableStore store)
    {
        var ids = new List<string>();
        foreach (var partition in UsageLayout.Partitions)
        {
            string? continuation = null;
            do
            {
                var page = await store.QueryAsync(UsageLayout.Table, partition, new RowRange("gen-", "gen."), continuation: continuation);
                ids.AddRange(page.Rows.Select(row => row.Row));
                continuation = page.Continuation;
            }
            while (continuation is not null);
        }
        return ids;
    }
}
