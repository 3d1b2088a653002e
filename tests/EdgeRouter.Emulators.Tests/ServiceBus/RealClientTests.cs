using Azure.Messaging.ServiceBus;
using EdgeRouter.Emulators.ServiceBus.Faults;
using Xunit;

namespace EdgeRouter.Emulators.Tests.ServiceBus;

/// <summary>What the real client does that its signatures do not say, and that code on it must know.</summary>
public sealed class RealClientTests
{
    [Fact]
    public async Task Receiving_without_waiting_is_refused_unless_messages_are_prefetched()
    {
        await using var bus = new BusUnderTest();
        await bus.SendAsync("a");
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bus.Receiver.ReceiveMessageAsync(TimeSpan.Zero));
        var prefetching = bus.Client.CreateReceiver("usage", new ServiceBusReceiverOptions { PrefetchCount = 1 });
        await prefetching.ReceiveMessageAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task The_tries_at_a_silent_bus_take_the_try_timeout_each()
    {
        await using var bus = new BusUnderTest(tryTimeout: TimeSpan.FromMilliseconds(300), retries: 1);
        await bus.SendAsync("a");
        bus.Emulator.IsSilent = true;
        var started = TimeProvider.System.GetTimestamp();
        var error = await Assert.ThrowsAsync<ServiceBusException>(() => bus.SendAsync("b"));
        Assert.Equal((ServiceBusFailureReason.ServiceTimeout, true), (error.Reason, error.IsTransient));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromMilliseconds(600), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_cancelled_send_ends_at_once_and_may_have_been_accepted()
    {
        await using var bus = new BusUnderTest();
        await bus.SendAsync("a");
        bus.Emulator.LoseAcknowledgements(1);
        using var cancellation = new CancellationTokenSource();
        var sending = bus.Sender.SendMessageAsync(new ServiceBusMessage("b"), cancellation.Token);
        await BusUnderTest.UntilAsync(() => bus.Queue.Count == 2, "the message");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_completion_that_the_connection_interrupts_seems_to_have_lost_its_lock()
    {
        await using var bus = new BusUnderTest(retries: 3);
        await bus.SendAsync("a");
        var message = await bus.ReceiveAsync();
        bus.Emulator.LoseAcknowledgements(1, AcknowledgementLoss.Disconnection);
        var error = await Assert.ThrowsAsync<ServiceBusException>(() => bus.Receiver.CompleteMessageAsync(message));
        Assert.Equal((ServiceBusFailureReason.MessageLockLost, 0), (error.Reason, bus.Queue.Count));
    }
}
