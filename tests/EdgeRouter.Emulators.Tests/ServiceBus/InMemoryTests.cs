using Azure.Messaging.ServiceBus;
using EdgeRouter.Emulators.ServiceBus.InMemory;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Emulators.Tests.ServiceBus;

/// <summary>The broker without a wire does what the real client on a bus does, as far as tests see it.</summary>
public sealed class InMemoryTests
{
    private readonly VirtualTimeProvider time = new();
    private readonly Broker broker;
    private readonly ServiceBusReceiver receiver;

    public InMemoryTests()
    {
        broker = new Broker(time);
        receiver = broker.Client.CreateReceiver("usage");
    }

    [Fact]
    public async Task Message_without_an_id_has_none_when_it_is_received()
    {
        await SendAsync(new ServiceBusMessage("a"));
        var message = await receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(1)).InTimeAsync();
        Assert.Null(message.MessageId);
        Assert.Equal(("a", 1, time.GetUtcNow().AddMinutes(5)), (message.Body.ToString(), message.DeliveryCount, message.LockedUntil));
    }

    [Fact]
    public async Task Receiving_without_waiting_is_refused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => receiver.ReceiveMessagesAsync(1, TimeSpan.Zero));

    [Fact]
    public async Task Dead_letter_keeps_its_sequence_number_and_says_why()
    {
        await SendAsync(new ServiceBusMessage("a"), new ServiceBusMessage("b") { MessageId = "b" });
        var second = (await receiver.ReceiveMessagesAsync(2, TimeSpan.FromSeconds(1)).InTimeAsync())[1];
        await receiver.DeadLetterMessageAsync(second, "Bad", "a reason");
        var dead = Assert.Single(await broker.Client.CreateReceiver("usage", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter })
            .PeekMessagesAsync(10));
        Assert.Equal(("b", second.SequenceNumber, "Bad", "a reason"),
            (dead.MessageId, dead.SequenceNumber, dead.DeadLetterReason, dead.DeadLetterErrorDescription));
    }

    [Fact]
    public async Task Receiver_waits_for_a_message_and_for_no_longer_than_it_was_told()
    {
        var waiting = receiver.ReceiveMessagesAsync(1, TimeSpan.FromSeconds(10));
        await SendAsync(new ServiceBusMessage("a"));
        Assert.Single(await waiting.InTimeAsync());
        Assert.Empty(await time.TickAsync(receiver.ReceiveMessagesAsync(1, TimeSpan.FromSeconds(10)), 1000));
    }

    [Fact]
    public async Task Lock_that_expired_settles_nothing()
    {
        await SendAsync(new ServiceBusMessage("a"));
        var message = await receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(1)).InTimeAsync();
        time.Advance(TimeSpan.FromMinutes(5));
        var error = await Assert.ThrowsAsync<ServiceBusException>(() => receiver.CompleteMessageAsync(message));
        Assert.Equal((ServiceBusFailureReason.MessageLockLost, 1), (error.Reason, broker.Queue("usage").Count));
    }

    private async Task SendAsync(params ServiceBusMessage[] messages)
    {
        var sender = broker.Client.CreateSender("usage");
        using var batch = await sender.CreateMessageBatchAsync();
        foreach (var message in messages) Assert.True(batch.TryAddMessage(message));
        await sender.SendMessagesAsync(batch);
    }
}
