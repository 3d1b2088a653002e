using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Tests.Usage;
using EdgeRouter.Emulators.ServiceBus.Faults;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.ServiceBus;

/// <summary>Every record arrives once and in its order, whatever the bus and the connections to it do.</summary>
public sealed class UsageQueueOnBusTests : IAsyncDisposable
{
    private readonly Random random = new(31);
    private readonly QueueOnBus bus = new();

    public ValueTask DisposeAsync() => bus.DisposeAsync();

    private GenerationRecord[] Records(int count) => [.. Enumerable.Range(0, count).Select(number => RandomRecords.Plain(random, cost: number))];

    private static IEnumerable<string> Ids(IEnumerable<GenerationRecord> records) => records.Select(record => record.Id);

    [Fact]
    public async Task Ten_thousand_records_arrive_once_in_few_messages()
    {
        var records = Records(10_000);
        var queue = bus.Start();
        await queue.OpenAsync();
        await bus.EnqueueAsync(queue, records, stepMilliseconds: 5);
        Assert.InRange(bus.Queue.Count, 50, 200);
        Assert.Equal((0, 0), (queue.Backlog, bus.Queue.Duplicates));
        // What did not fit the queue at once came as there was room, in any order.
        Assert.Equal(Ids(records).Order(), (await bus.TakeRecordIdsAsync()).Order());
        Assert.Empty(bus.Told);
    }

    [Fact]
    public async Task Ten_minutes_away_records_are_accepted_and_arrive_once_in_their_order_when_it_is_back()
    {
        var queue = bus.Start();
        var all = new List<GenerationRecord>(Records(5));
        await queue.OpenAsync();
        await bus.EnqueueAsync(queue, all, stepMilliseconds: 5);
        bus.Emulator.IsAway = true;
        for (var minute = 0; minute < 10; minute++)
        {
            var records = Records(3);
            await bus.EnqueueAsync(queue, records);
            all.AddRange(records);
            bus.Time.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal(30, queue.Backlog);
        Assert.InRange(bus.Queue.Count, 1, 2);
        bus.Emulator.IsAway = false;
        await bus.UntilAsync(() => queue.Backlog == 0 && queue.LastError is null, 20);
        var last = Records(1);
        await bus.EnqueueAsync(queue, last, 10);
        Assert.Equal(Ids([.. all, .. last]), await bus.TakeRecordIdsAsync());
        Assert.Equal(["away: ServiceCommunicationProblem", "back"], bus.Told);
    }

    [Fact]
    public async Task While_it_is_silent_records_are_accepted_and_arrive_once_when_it_speaks_again()
    {
        var queue = bus.Start();
        var all = new List<GenerationRecord>();
        foreach (var isSilent in (bool[])[false, true, true])
        {
            bus.Emulator.IsSilent = isSilent;
            var records = Records(3);
            await bus.EnqueueAsync(queue, records);
            all.AddRange(records);
        }
        Assert.Equal(6, queue.Backlog);
        // The first of three records goes at once, the others together with it or in the next message.
        Assert.InRange(bus.Queue.Count, 1, 2);
        bus.Emulator.IsSilent = false;
        await bus.UntilAsync(() => queue.Backlog == 0);
        Assert.Equal(Ids(all), await bus.TakeRecordIdsAsync());
    }

    [Theory]
    [InlineData(AcknowledgementLoss.Silence)]
    [InlineData(AcknowledgementLoss.Disconnection)]
    public async Task A_message_whose_acknowledgement_is_lost_is_sent_again_under_its_id_and_arrives_once(AcknowledgementLoss how)
    {
        var queue = bus.Start();
        bus.Emulator.LoseAcknowledgements(3, how);
        var records = Records(3);
        await bus.EnqueueAsync(queue, records);
        await bus.UntilAsync(() => queue.Backlog == 0);
        Assert.InRange(bus.Queue.Count, 1, 2);
        Assert.InRange(bus.Queue.Duplicates, 3, 10);
        Assert.Equal(Ids(records), await bus.TakeRecordIdsAsync());
    }

    [Fact]
    public async Task What_a_process_left_in_its_journal_is_sent_by_the_next_one()
    {
        bus.Emulator.IsAway = true;
        var records = Records(500);
        var queue = bus.Start();
        await bus.EnqueueAsync(queue, records);
        await bus.UntilAsync(queue.DisposeAsync().AsTask());
        bus.Emulator.IsAway = false;
        var next = bus.Start();
        await bus.UntilAsync(() => next.Backlog == 0);
        Assert.Equal(Ids(records), await bus.TakeRecordIdsAsync());
    }

    [Fact]
    public async Task Connections_that_break_again_and_again_lose_nothing_and_add_nothing()
    {
        var queue = bus.Start();
        var all = new List<GenerationRecord>();
        for (var round = 0; round < 15; round++)
        {
            var records = Records(100);
            var accepted = bus.EnqueueAsync(queue, records);
            if (round % 3 == 0) bus.Emulator.LoseAcknowledgements(1, AcknowledgementLoss.Disconnection);
            else bus.Emulator.DropConnections();
            await accepted;
            all.AddRange(records);
        }
        await bus.UntilAsync(() => queue.Backlog == 0);
        Assert.InRange(bus.Emulator.ConnectionsTaken, 5, int.MaxValue);
        Assert.Equal(Ids(all), await bus.TakeRecordIdsAsync());
    }
}
