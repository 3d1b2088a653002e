using Azure.Messaging.ServiceBus;
using EdgeRouter.Emulators.ServiceBus.Queues;
using Xunit;

namespace EdgeRouter.Emulators.Tests.ServiceBus;

public sealed class ReceivingTests : IAsyncDisposable
{
    private static readonly TimeSpan LockDuration = TimeSpan.FromMinutes(5);
    private readonly BusUnderTest bus = new(new QueueOptions { MaxDeliveryCount = 3 });

    public ValueTask DisposeAsync() => bus.DisposeAsync();

    [Fact]
    public async Task A_received_message_is_hidden_until_its_lock_expires()
    {
        await bus.SendAsync("a", "b");
        var first = await bus.ReceiveAsync();
        Assert.Equal(("a", 1, bus.Time.GetUtcNow() + LockDuration), (first.MessageId, first.DeliveryCount, first.LockedUntil));
        Assert.Equal("b", (await bus.ReceiveAsync()).MessageId);
        Assert.Equal((2, 2), (bus.Queue.Count, bus.Queue.Locked));
        bus.Time.Advance(LockDuration - TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, bus.Queue.Locked);
        bus.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, bus.Queue.Locked);
        var again = await bus.ReceiveAsync();
        Assert.Equal(("a", 2), (again.MessageId, again.DeliveryCount));
        Assert.NotEqual(first.LockToken, again.LockToken);
    }

    [Fact]
    public async Task A_completed_message_is_gone()
    {
        await bus.SendAsync("a");
        await bus.Receiver.CompleteMessageAsync(await bus.ReceiveAsync());
        Assert.Equal(0, bus.Queue.Count);
        bus.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((0, 0), (bus.Queue.Count, bus.Queue.DeadLetters.Count));
    }

    [Fact]
    public async Task An_abandoned_message_comes_again_with_the_properties_it_was_given()
    {
        await bus.SendAsync("a");
        await bus.Receiver.AbandonMessageAsync(await bus.ReceiveAsync(), new Dictionary<string, object> { ["why"] = "later" });
        var again = await bus.ReceiveAsync();
        Assert.Equal(("a", 2, "later"), (again.MessageId, again.DeliveryCount, again.ApplicationProperties["why"]));
    }

    [Fact]
    public async Task A_lost_lock_settles_nothing()
    {
        await bus.SendAsync("a");
        var message = await bus.ReceiveAsync();
        bus.Time.Advance(LockDuration);
        foreach (var settle in (Func<Task>[])[() => bus.Receiver.CompleteMessageAsync(message), () => bus.Receiver.RenewMessageLockAsync(message)])
            Assert.Equal(ServiceBusFailureReason.MessageLockLost, (await Assert.ThrowsAsync<ServiceBusException>(settle)).Reason);
        Assert.Equal((1, 0), (bus.Queue.Count, bus.Queue.Locked));
    }

    [Fact]
    public async Task A_renewed_lock_lasts_anew()
    {
        await bus.SendAsync("a");
        var message = await bus.ReceiveAsync();
        bus.Time.Advance(TimeSpan.FromMinutes(4));
        await bus.Receiver.RenewMessageLockAsync(message);
        Assert.Equal(bus.Time.GetUtcNow() + LockDuration, message.LockedUntil);
        bus.Time.Advance(TimeSpan.FromMinutes(4));
        await bus.Receiver.CompleteMessageAsync(message);
        Assert.Equal((0, 1), (bus.Queue.Count, bus.Queue.Deliveries));
    }

    [Fact]
    public async Task After_the_allowed_deliveries_it_is_a_dead_letter()
    {
        await bus.SendAsync("a");
        await bus.Receiver.AbandonMessageAsync(await bus.ReceiveAsync());
        await bus.Receiver.AbandonMessageAsync(await bus.ReceiveAsync());
        Assert.Equal(3, (await bus.ReceiveAsync()).DeliveryCount);
        bus.Time.Advance(LockDuration);
        Assert.Equal((0, 1), (bus.Queue.Count, bus.Queue.DeadLetters.Count));
        var dead = await bus.ReceiveAsync(bus.DeadLetters);
        Assert.Equal(("a", "MaxDeliveryCountExceeded", "Message could not be consumed after 3 delivery attempts.", 1),
            (dead.MessageId, dead.DeadLetterReason, dead.DeadLetterErrorDescription, dead.DeliveryCount));
    }

    [Fact]
    public async Task A_dead_letter_keeps_reason_and_description_and_is_never_given_up_on()
    {
        await bus.SendAsync("a");
        await bus.Receiver.DeadLetterMessageAsync(await bus.ReceiveAsync(), "Why", "In detail");
        for (var round = 0; round < 5; round++) await bus.DeadLetters.AbandonMessageAsync(await bus.ReceiveAsync(bus.DeadLetters));
        var dead = await bus.ReceiveAsync(bus.DeadLetters);
        Assert.Equal(("Why", "In detail"), (dead.DeadLetterReason, dead.DeadLetterErrorDescription));
        await bus.DeadLetters.CompleteMessageAsync(dead);
        Assert.Equal((0, 0), (bus.Queue.Count, bus.Queue.DeadLetters.Count));
    }

    [Fact]
    public async Task No_more_is_locked_than_was_asked_for()
    {
        await bus.SendAsync([.. Enumerable.Range(0, 10).Select(number => $"{number}")]);
        Assert.Equal(["0", "1", "2"], (await bus.Receiver.ReceiveMessagesAsync(3)).Select(message => message.MessageId));
        Assert.Equal((10, 3), (bus.Queue.Count, bus.Queue.Locked));
    }

    [Fact]
    public async Task A_receiver_waits_for_a_message()
    {
        var waiting = bus.ReceiveAsync();
        await bus.SendAsync("a");
        Assert.Equal("a", (await waiting).MessageId);
    }

    [Fact]
    public async Task A_receiver_that_waits_in_vain_gets_nothing_and_the_next_message_is_not_lost()
    {
        Assert.Empty(await bus.Receiver.ReceiveMessagesAsync(5, TimeSpan.FromMilliseconds(50)));
        await bus.SendAsync("a");
        Assert.Equal("a", (await bus.ReceiveAsync()).MessageId);
    }

    [Fact]
    public async Task A_receiver_that_closes_gives_back_what_it_did_not_look_at()
    {
        await bus.SendAsync([.. Enumerable.Range(0, 10).Select(number => $"{number}")]);
        await using (var receiver = bus.Client.CreateReceiver("usage", new ServiceBusReceiverOptions { PrefetchCount = 5 }))
        {
            Assert.Equal("0", (await bus.ReceiveAsync(receiver)).MessageId);
            Assert.InRange(bus.Queue.Locked, 1, 6);
        }
        await BusUnderTest.UntilAsync(() => bus.Queue.Locked == 1, "the messages given back");
        Assert.Equal(10, bus.Queue.Count);
        var next = await bus.ReceiveAsync();
        Assert.Equal(("1", 1), (next.MessageId, next.DeliveryCount));
    }

    [Fact]
    public async Task What_is_received_and_deleted_is_gone()
    {
        await bus.SendAsync("a");
        var receiver = bus.Client.CreateReceiver("usage", new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete });
        Assert.Equal("a", (await bus.ReceiveAsync(receiver)).MessageId);
        // It is deleted when it has left, so the client may be faster.
        await BusUnderTest.UntilAsync(() => bus.Queue.Count == 0, "the deletion");
    }

    [Fact]
    public async Task Peeking_sees_what_waits_and_what_is_locked_and_takes_nothing()
    {
        await bus.SendAsync("a", "b", "c");
        await bus.ReceiveAsync();
        var peeked = await bus.Receiver.PeekMessagesAsync(2);
        Assert.Equal([("a", 1L), ("b", 2L)], peeked.Select(message => (message.MessageId, message.SequenceNumber)));
        Assert.Equal("c", Assert.Single(await bus.Receiver.PeekMessagesAsync(2)).MessageId);
        Assert.Empty(await bus.Receiver.PeekMessagesAsync(2));
        Assert.Equal("b", (await bus.Receiver.PeekMessageAsync(2)).MessageId);
        Assert.Equal((3, 1), (bus.Queue.Count, bus.Queue.Locked));
    }

    [Fact]
    public async Task One_answer_to_a_peek_is_no_larger_than_a_message_may_be()
    {
        for (var number = 0; number < 5; number++) await bus.Sender.SendMessageAsync(new ServiceBusMessage(new byte[100 * 1024]));
        Assert.Equal([1L, 2L], (await bus.Receiver.PeekMessagesAsync(100)).Select(message => message.SequenceNumber));
        Assert.Equal([3L, 4L], (await bus.Receiver.PeekMessagesAsync(100)).Select(message => message.SequenceNumber));
        Assert.Equal([5L], (await bus.Receiver.PeekMessagesAsync(100)).Select(message => message.SequenceNumber));
    }

    [Fact]
    public async Task A_processor_completes_what_its_handler_takes_and_abandons_what_it_refuses()
    {
        var deliveries = new List<(string, int)>();
        var done = new TaskCompletionSource();
        await using var processor = bus.Client.CreateProcessor("usage", new ServiceBusProcessorOptions { MaxConcurrentCalls = 1 });
        processor.ProcessErrorAsync += _ => Task.CompletedTask;
        processor.ProcessMessageAsync += received =>
        {
            deliveries.Add((received.Message.MessageId, received.Message.DeliveryCount));
            if (deliveries.Count == 1) throw new InvalidOperationException("Not yet.");
            if (deliveries.Count == 3) done.SetResult();
            return Task.CompletedTask;
        };
        await bus.SendAsync("a", "b");
        await processor.StartProcessingAsync();
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await processor.StopProcessingAsync();
        Assert.Equal([("a", 1), ("a", 2), ("b", 1)], deliveries.Order());
        Assert.Equal(0, bus.Queue.Count);
    }
}
