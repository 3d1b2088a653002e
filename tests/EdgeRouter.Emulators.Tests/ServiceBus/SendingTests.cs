using Azure.Messaging.ServiceBus;
using EdgeRouter.Emulators.ServiceBus.Queues;
using Xunit;

namespace EdgeRouter.Emulators.Tests.ServiceBus;

public sealed class SendingTests : IAsyncDisposable
{
    private readonly BusUnderTest bus = new();

    public ValueTask DisposeAsync() => bus.DisposeAsync();

    [Fact]
    public async Task A_message_arrives_as_it_was_sent()
    {
        await bus.Sender.SendMessageAsync(new ServiceBusMessage("{\"a\":1}")
        {
            MessageId = "one",
            ContentType = "application/json",
            Subject = "usage.v1",
            ApplicationProperties = { ["tries"] = 3 },
        });
        var message = await bus.ReceiveAsync();
        Assert.Equal(("one", "application/json", "usage.v1", "{\"a\":1}"),
            (message.MessageId, message.ContentType, message.Subject, message.Body.ToString()));
        Assert.Equal(3, message.ApplicationProperties["tries"]);
        Assert.Equal((1L, bus.Time.GetUtcNow()), (message.SequenceNumber, message.EnqueuedTime));
    }

    [Fact]
    public async Task A_message_without_an_id_has_none_and_is_no_duplicate()
    {
        await bus.Sender.SendMessageAsync(new ServiceBusMessage("a"));
        await bus.Sender.SendMessageAsync(new ServiceBusMessage("a"));
        Assert.Null((await bus.ReceiveAsync()).MessageId);
        Assert.Equal((2, 0), (bus.Queue.Count, bus.Queue.Duplicates));
    }

    [Fact]
    public async Task A_batch_is_as_many_messages_in_their_order()
    {
        using var batch = await bus.Sender.CreateMessageBatchAsync();
        for (var number = 1; number <= 100; number++)
            Assert.True(batch.TryAddMessage(new ServiceBusMessage($"body {number}") { MessageId = $"{number}", Subject = $"subject {number}" }));
        await bus.Sender.SendMessagesAsync(batch);
        var peeked = await bus.Receiver.PeekMessagesAsync(100);
        Assert.Equal(Enumerable.Range(1, 100).Select(number => ($"{number}", $"subject {number}", $"body {number}", (long)number)),
            peeked.Select(message => (message.MessageId, message.Subject, message.Body.ToString(), message.SequenceNumber)));
    }

    [Fact]
    public async Task A_batch_takes_256_KB_with_what_surrounds_the_bodies()
    {
        using var batch = await bus.Sender.CreateMessageBatchAsync();
        Assert.Equal(256 * 1024, batch.MaxSizeInBytes);
        Assert.True(batch.TryAddMessage(new ServiceBusMessage(new byte[128 * 1024])));
        Assert.False(batch.TryAddMessage(new ServiceBusMessage(new byte[128 * 1024])));
        Assert.True(batch.TryAddMessage(new ServiceBusMessage(new byte[127 * 1024])));
        await bus.Sender.SendMessagesAsync(batch);
        Assert.Equal(2, bus.Queue.Count);
    }

    [Fact]
    public async Task A_message_over_256_KB_is_refused()
    {
        await bus.Sender.SendMessageAsync(new ServiceBusMessage(new byte[255 * 1024]));
        var error = await Assert.ThrowsAsync<ServiceBusException>(() => bus.Sender.SendMessageAsync(new ServiceBusMessage(new byte[256 * 1024])));
        Assert.Equal(ServiceBusFailureReason.MessageSizeExceeded, error.Reason);
        Assert.Equal(1, bus.Queue.Count);
    }

    [Fact]
    public async Task The_size_limit_is_a_property_of_the_queue()
    {
        bus.Emulator.AddQueue("premium", new QueueOptions { MaxMessageBytes = 1024 * 1024 });
        await bus.Client.CreateSender("premium").SendMessageAsync(new ServiceBusMessage(new byte[1000 * 1024]));
        var message = await bus.ReceiveAsync(bus.Client.CreateReceiver("premium"));
        Assert.Equal(1000 * 1024, message.Body.ToMemory().Length);
    }

    [Fact]
    public async Task An_id_seen_within_the_window_is_accepted_and_dropped()
    {
        await bus.SendAsync("a");
        bus.Time.Advance(TimeSpan.FromMinutes(29));
        await bus.SendAsync("a", "b", "b");
        Assert.Equal((2, 2), (bus.Queue.Count, bus.Queue.Duplicates));
        bus.Time.Advance(TimeSpan.FromMinutes(1));
        await bus.SendAsync("a", "b");
        Assert.Equal((3, 3), (bus.Queue.Count, bus.Queue.Duplicates));
    }

    [Fact]
    public async Task An_id_is_a_duplicate_also_when_the_first_is_completed()
    {
        await bus.SendAsync("a");
        await bus.Receiver.CompleteMessageAsync(await bus.ReceiveAsync());
        await bus.SendAsync("a");
        Assert.Equal((0, 1), (bus.Queue.Count, bus.Queue.Duplicates));
    }

    [Fact]
    public async Task A_queue_that_does_not_exist_is_not_found()
    {
        var error = await Assert.ThrowsAsync<ServiceBusException>(() => bus.Client.CreateSender("none").SendMessageAsync(new ServiceBusMessage("a")));
        Assert.Equal((ServiceBusFailureReason.MessagingEntityNotFound, false), (error.Reason, error.IsTransient));
        error = await Assert.ThrowsAsync<ServiceBusException>(() => bus.Client.CreateReceiver("none").ReceiveMessageAsync());
        Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, error.Reason);
    }
}
