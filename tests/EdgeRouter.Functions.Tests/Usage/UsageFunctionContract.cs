using System.Text;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Functions.Tests.Usage;

/// <summary>How UsageFunction treats messages, on the real worker and any store.</summary>
public abstract class UsageFunctionContract(ITableStore store) : IAsyncLifetime
{
    private readonly Random random = new(31);
    private UsageDelivery delivery = null!;

    public async ValueTask InitializeAsync() => delivery = await UsageDelivery.StartAsync(store);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await delivery.DisposeAsync();
    }

    [Fact]
    public async Task A_written_message_is_completed()
    {
        await delivery.SendAsync(Records.Plain(random, cost: 3), Records.Plain(random, cost: 4));
        await delivery.DeliverAsync();
        Assert.Equal((2, 7), await delivery.TotalAsync());
        Assert.Equal(0, delivery.Queue.Count);
    }

    [Fact]
    public async Task A_crash_between_write_and_completion_counts_nothing_twice()
    {
        await delivery.SendAsync(Records.Plain(random, cost: 3));
        delivery.Broker.RefusesSettlement = true;
        await delivery.DeliverAsync();
        Assert.Equal((1, 3), await delivery.TotalAsync());
        Assert.Equal(1, delivery.Queue.Locked);
        delivery.Broker.RefusesSettlement = false;
        delivery.Time.Advance(TimeSpan.FromMinutes(5));
        await delivery.DeliverAsync();
        Assert.Equal((1, 3), await delivery.TotalAsync());
        Assert.Equal((0, 2), (delivery.Queue.Count, delivery.Queue.Deliveries));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_message_delivered_five_times_in_any_interleaving_with_its_siblings_changes_the_totals_once(int seed)
    {
        var chance = new Random(seed);
        var records = Records.Many(random, 240);
        // Messages overlap too: a record may come in two of them.
        foreach (var part in records.Chunk(20)) await delivery.SendAsync([.. part, records[chance.Next(records.Length)]]);
        var messages = await delivery.ReceiveAsync();
        var deliveries = Enumerable.Repeat(messages, 5).SelectMany(copies => copies).OrderBy(_ => chance.Next()).Chunk(7).ToArray();
        delivery.Broker.RefusesSettlement = true;
        await Task.WhenAll(deliveries.Select(batch => Task.Run(() => delivery.RunAsync(batch))));
        Assert.Equal((240, records.Sum(record => record.Cost.Value)), await delivery.TotalAsync());
        Assert.True(delivery.Store.Conflicts > 0, "The deliveries never met: the test shows nothing.");
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_is_a_dead_letter_with_the_reason_and_holds_nobody_up()
    {
        await delivery.SendAsync(Records.Plain(random));
        await delivery.SendRawAsync(Encoding.UTF8.GetBytes("{\"v\":7,\"records\":[]}"));
        await delivery.SendRawAsync([0xFF, 0x00]);
        await delivery.SendAsync(Records.Plain(random));
        await delivery.DeliverAsync();
        Assert.Equal(2, (await delivery.TotalAsync()).Requests);
        Assert.Equal(0, delivery.Queue.Count);
        var dead = await delivery.DeadLettersAsync();
        Assert.All(dead, message => Assert.Equal("UnreadableUsage", message.DeadLetterReason));
        Assert.Equal(["The message has version 7; expected 2.", "not of the expected form"], dead.Select(message => message.DeadLetterErrorDescription),
            (expected, told) => told.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_record_that_cannot_be_counted_goes_to_its_table_and_the_message_is_done()
    {
        await delivery.SendAsync(Records.Plain(random) with { Cost = new NanoDollars(-1) }, Records.Plain(random));
        await delivery.DeliverAsync();
        Assert.Equal(1, (await delivery.TotalAsync()).Requests);
        var row = Assert.Single((await delivery.Store.Inner.QueryAsync(UsageLayout.PoisonTable, UsageLayout.PoisonPartition, RowRange.All)).Rows);
        Assert.Contains("Cost", (string)row.Properties["Reason"], StringComparison.Ordinal);
        Assert.Equal(0, delivery.Queue.Count);
        Assert.Empty(await delivery.DeadLettersAsync());
    }

    [Fact]
    public async Task A_store_that_is_away_for_a_while_is_waited_for_within_one_delivery()
    {
        await delivery.SendAsync(Records.Plain(random));
        delivery.Store.Away = true;
        var delivering = delivery.DeliverAsync();
        var end = delivery.Time.GetUtcNow() + TimeSpan.FromMinutes(3);
        await delivery.Time.TickUntilAsync(() => delivery.Time.GetUtcNow() >= end, 1000);
        Assert.False(delivering.IsCompleted);
        Assert.True(delivery.Store.RefusedUsage > 5);
        delivery.Store.Away = false;
        // The next try comes within a quarter of a minute; the rest goes in real time.
        var next = delivery.Time.GetUtcNow().AddSeconds(15);
        await delivery.Time.TickUntilAsync(() => delivery.Time.GetUtcNow() >= next, 1000, () => delivery.Store.IsBusy);
        await delivering.InTimeAsync();
        Assert.Equal(1, (await delivery.TotalAsync()).Requests);
        Assert.Equal((0, 1), (delivery.Queue.Count, delivery.Queue.Deliveries));
    }

    [Fact]
    public async Task A_store_that_stays_away_gets_messages_given_back_while_the_locks_still_hold()
    {
        await delivery.SendAsync(Records.Plain(random));
        delivery.Store.Away = true;
        var start = delivery.Time.GetUtcNow();
        await delivery.DeliverInVainAsync();
        Assert.InRange(delivery.Time.GetUtcNow() - start, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.Equal((1, 0), (delivery.Queue.Count, delivery.Queue.Locked));
    }

    [Fact]
    public async Task An_instance_that_stops_gives_back_what_is_not_written()
    {
        await delivery.SendAsync(Records.Plain(random));
        delivery.Store.Away = true;
        using var stopping = new CancellationTokenSource();
        var delivering = delivery.RunAsync(await delivery.ReceiveAsync(), stopping.Token);
        await Eventually.TrueAsync(() => delivery.Store.RefusedUsage > 0);
        await stopping.CancelAsync();
        await delivering.InTimeAsync();
        Assert.Equal((1, 0), (delivery.Queue.Count, delivery.Queue.Locked));
    }

    [Fact]
    public async Task The_full_way_to_the_dead_letters_and_back_counts_once()
    {
        var record = Records.Plain(random, cost: 5);
        await delivery.SendAsync(record);
        delivery.Store.Away = true;
        for (var deliveries = 1; deliveries <= 10; deliveries++) await delivery.DeliverInVainAsync();
        Assert.Equal((0, 10), (delivery.Queue.Count, delivery.Queue.Deliveries));
        var dead = Assert.Single(await delivery.DeadLettersAsync());
        Assert.Equal("MaxDeliveryCountExceeded", dead.DeadLetterReason);
        delivery.Store.Away = false;
        // The operator sends it again, twice for want of patience.
        for (var times = 0; times < 2; times++)
        {
            delivery.Queue.ForgetIds();
            await delivery.SendRawAsync(dead.Body.ToArray());
            await delivery.DeliverAsync();
        }
        Assert.Equal((1, 5), await delivery.TotalAsync());
        Assert.Equal(0, delivery.Queue.Count);
    }

    [Fact]
    public async Task A_message_at_which_the_writer_fails_does_not_hold_up_its_siblings()
    {
        var cursed = Records.Plain(random, cost: 100);
        delivery.Store.CursedRow = cursed.Id;
        await delivery.SendAsync(Records.Plain(random, cost: 1));
        await delivery.SendAsync(cursed, Records.Plain(random, cost: 2));
        await delivery.SendAsync(Records.Plain(random, cost: 4));
        for (var deliveries = 1; deliveries <= 10; deliveries++) await delivery.DeliverAsync();
        Assert.Equal(0, delivery.Queue.Count);
        var dead = Assert.Single(await delivery.DeadLettersAsync());
        delivery.Store.CursedRow = null;
        await delivery.RunAsync([dead]);
        Assert.Equal((4, 107), await delivery.TotalAsync());
    }

    [Fact]
    public async Task A_settlement_that_fails_leaves_the_others_settled()
    {
        await delivery.SendAsync(Records.Plain(random));
        var early = await delivery.ReceiveAsync();
        delivery.Time.Advance(TimeSpan.FromMinutes(3));
        await delivery.SendAsync(Records.Plain(random));
        var late = await delivery.ReceiveAsync();
        delivery.Time.Advance(TimeSpan.FromMinutes(2));
        await delivery.RunAsync([.. early, .. late]);
        Assert.Equal(2, (await delivery.TotalAsync()).Requests);
        Assert.Equal((1, 0), (delivery.Queue.Count, delivery.Queue.Locked));
    }
}
