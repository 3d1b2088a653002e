using Azure.Messaging.ServiceBus;
using EdgeRouter.StandIns.ServiceBus;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Functions.Tests.StandIns;

/// <summary>That the broker does what Service Bus does, as far as the tests rely on it.</summary>
public sealed class BrokerTests : IDisposable
{
    private readonly VirtualTimeProvider time = new();
    private readonly Broker broker;
    private readonly ServiceBusClient client;

    public BrokerTests()
    {
        broker = new Broker($"{Guid.NewGuid():N}.servicebus.test", time, new BrokerQueueOptions { MaxDeliveryCount = 3 });
        client = new ServiceBusClient(broker.ConnectionString, new ServiceBusClientOptions());
    }

    private ServiceBusReceiver Receiver => client.CreateReceiver("usage");

    private ServiceBusReceiver DeadLetters => client.CreateReceiver("usage", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });

    public void Dispose() => broker.Dispose();

    private async Task SendAsync(string id, int bytes = 10)
    {
        var sender = client.CreateSender("usage");
        using var batch = await sender.CreateMessageBatchAsync();
        Assert.True(batch.TryAddMessage(new ServiceBusMessage(BinaryData.FromBytes(new byte[bytes])) { MessageId = id }));
        await sender.SendMessagesAsync(batch);
    }

    private async Task<ServiceBusReceivedMessage> ReceiveAsync() => (await Receiver.ReceiveMessageAsync(TimeSpan.Zero))!;

    [Fact]
    public async Task A_received_message_is_hidden_until_its_lock_expires()
    {
        await SendAsync("a");
        var first = await ReceiveAsync();
        Assert.Equal((1, time.GetUtcNow() + TimeSpan.FromMinutes(5)), (first.DeliveryCount, first.LockedUntil));
        Assert.Null(await ReceiveAsync());
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(2, (await ReceiveAsync()).DeliveryCount);
    }

    [Fact]
    public async Task A_lost_lock_settles_nothing()
    {
        await SendAsync("a");
        var message = await ReceiveAsync();
        time.Advance(TimeSpan.FromMinutes(5));
        var error = await Assert.ThrowsAsync<ServiceBusException>(() => Receiver.CompleteMessageAsync(message));
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, error.Reason);
        Assert.Equal(1, broker.Queue("usage").Count);
    }

    [Fact]
    public async Task A_completed_message_is_gone()
    {
        await SendAsync("a");
        await Receiver.CompleteMessageAsync(await ReceiveAsync());
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, broker.Queue("usage").Count);
    }

    [Fact]
    public async Task After_the_allowed_deliveries_it_is_a_dead_letter()
    {
        await SendAsync("a");
        await Receiver.AbandonMessageAsync(await ReceiveAsync());
        await Receiver.AbandonMessageAsync(await ReceiveAsync());
        await ReceiveAsync();
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(await ReceiveAsync());
        var dead = await DeadLetters.ReceiveMessageAsync(TimeSpan.Zero);
        Assert.Equal(("a", "MaxDeliveryCountExceeded"), (dead!.MessageId, dead.DeadLetterReason));
    }

    [Fact]
    public async Task A_dead_letter_keeps_reason_and_description_and_is_never_given_up_on()
    {
        await SendAsync("a");
        await Receiver.DeadLetterMessageAsync(await ReceiveAsync(), "Why", "In detail");
        for (var round = 0; round < 5; round++) await DeadLetters.AbandonMessageAsync((await DeadLetters.ReceiveMessageAsync(TimeSpan.Zero))!);
        var dead = await DeadLetters.ReceiveMessageAsync(TimeSpan.Zero);
        Assert.Equal(("Why", "In detail"), (dead!.DeadLetterReason, dead.DeadLetterErrorDescription));
    }

    [Fact]
    public async Task An_id_seen_within_the_window_is_accepted_and_dropped()
    {
        await SendAsync("a");
        time.Advance(TimeSpan.FromMinutes(29));
        await SendAsync("a");
        Assert.Equal((1, 1), (broker.Queue("usage").Count, broker.Queue("usage").Duplicates));
        time.Advance(TimeSpan.FromMinutes(1));
        await SendAsync("a");
        Assert.Equal(2, broker.Queue("usage").Count);
    }

    [Fact]
    public async Task A_batch_takes_256_KB_with_what_surrounds_the_bodies()
    {
        using var batch = await client.CreateSender("usage").CreateMessageBatchAsync();
        Assert.True(batch.TryAddMessage(new ServiceBusMessage(BinaryData.FromBytes(new byte[128 * 1024]))));
        Assert.False(batch.TryAddMessage(new ServiceBusMessage(BinaryData.FromBytes(new byte[128 * 1024]))));
        Assert.True(batch.TryAddMessage(new ServiceBusMessage(BinaryData.FromBytes(new byte[127 * 1024]))));
        Assert.InRange(batch.SizeInBytes, 255 * 1024, 256 * 1024);
    }

    [Fact]
    public async Task While_it_is_away_every_call_fails_and_no_lock_is_lost_sooner()
    {
        await SendAsync("a");
        var message = await ReceiveAsync();
        broker.Away = true;
        Assert.Equal(ServiceBusFailureReason.ServiceCommunicationProblem,
            (await Assert.ThrowsAsync<ServiceBusException>(() => Receiver.CompleteMessageAsync(message))).Reason);
        await Assert.ThrowsAsync<ServiceBusException>(() => SendAsync("b"));
        await Assert.ThrowsAsync<ServiceBusException>(ReceiveAsync);
        broker.Away = false;
        await Receiver.CompleteMessageAsync(message);
        Assert.Equal(0, broker.Queue("usage").Count);
    }

    [Fact]
    public async Task A_receiver_waits_for_a_message_and_gives_up_in_time()
    {
        var waiting = Receiver.ReceiveMessagesAsync(10, TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(() => time.PendingTimers == 1);
        await SendAsync("a");
        Assert.Single(await waiting);
        var inVain = Receiver.ReceiveMessagesAsync(10, TimeSpan.FromSeconds(60));
        await time.TickAsync(inVain, 1000);
        Assert.Empty(await inVain);
    }

    [Fact]
    public async Task Where_there_is_no_broker_there_is_no_host()
    {
        broker.Dispose();
        Assert.Equal(ServiceBusFailureReason.ServiceCommunicationProblem, (await Assert.ThrowsAsync<ServiceBusException>(() => SendAsync("a"))).Reason);
    }
}
