using Azure.Messaging.ServiceBus;
using EdgeRouter.Emulators.ServiceBus.Faults;
using Xunit;

namespace EdgeRouter.Emulators.Tests.ServiceBus;

public sealed class FaultTests
{
    private static async Task<ServiceBusFailureReason> FailureOfAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<ServiceBusException>(() => call().WaitAsync(TimeSpan.FromSeconds(20)))).Reason;

    [Fact]
    public async Task While_it_is_away_every_call_fails_and_then_the_same_client_goes_on()
    {
        await using var bus = new BusUnderTest();
        await bus.SendAsync("a");
        var message = await bus.ReceiveAsync();
        bus.Emulator.IsAway = true;
        foreach (var call in (Func<Task>[])[() => bus.SendAsync("b"), () => bus.Receiver.ReceiveMessageAsync(), () => bus.Receiver.PeekMessageAsync(),
            () => bus.Receiver.CompleteMessageAsync(message)])
            Assert.Equal(ServiceBusFailureReason.ServiceCommunicationProblem, await FailureOfAsync(call));
        bus.Emulator.IsAway = false;
        await bus.SendAsync("b");
        await bus.Receiver.CompleteMessageAsync(message);
        Assert.Equal("b", (await bus.ReceiveAsync()).MessageId);
        Assert.Equal((1, 1), (bus.Queue.Count, bus.Queue.Locked));
    }

    [Fact]
    public async Task A_client_that_starts_while_it_is_away_goes_on_when_it_is_back()
    {
        await using var bus = new BusUnderTest();
        bus.Emulator.IsAway = true;
        Assert.Equal(ServiceBusFailureReason.ServiceCommunicationProblem, await FailureOfAsync(() => bus.SendAsync("a")));
        Assert.Equal(0, bus.Emulator.ConnectionsTaken);
        bus.Emulator.IsAway = false;
        await bus.SendAsync("a");
        Assert.Equal((1, 1), (bus.Queue.Count, bus.Emulator.ConnectionsTaken));
    }

    [Fact]
    public async Task While_it_is_silent_calls_time_out_without_effect_and_then_the_same_client_goes_on()
    {
        await using var bus = new BusUnderTest(tryTimeout: BusUnderTest.TryTimeout);
        await bus.SendAsync("a");
        var message = await bus.ReceiveAsync();
        await bus.Receiver.PeekMessageAsync();
        bus.Emulator.IsSilent = true;
        Assert.All(await Task.WhenAll(FailureOfAsync(() => bus.SendAsync("b")), FailureOfAsync(() => bus.Receiver.PeekMessageAsync()),
            FailureOfAsync(() => bus.Receiver.CompleteMessageAsync(message))), reason => Assert.Equal(ServiceBusFailureReason.ServiceTimeout, reason));
        Assert.Equal((1, 1), (bus.Queue.Count, bus.Queue.Locked));
        bus.Emulator.IsSilent = false;
        await bus.SendAsync("b");
        await bus.Receiver.CompleteMessageAsync(message);
        Assert.Equal("b", (await bus.ReceiveAsync()).MessageId);
    }

    [Fact]
    public async Task A_client_that_starts_while_it_is_silent_times_out()
    {
        await using var bus = new BusUnderTest(tryTimeout: BusUnderTest.TryTimeout);
        bus.Emulator.IsSilent = true;
        Assert.Equal(ServiceBusFailureReason.ServiceTimeout, await FailureOfAsync(() => bus.SendAsync("a")));
        bus.Emulator.IsSilent = false;
        await bus.SendAsync("a");
        Assert.Equal(1, bus.Queue.Count);
    }

    [Fact]
    public async Task A_send_whose_acknowledgement_is_lost_times_out_and_is_a_duplicate_the_next_time()
    {
        await using var bus = new BusUnderTest(tryTimeout: BusUnderTest.TryTimeout);
        bus.Emulator.LoseAcknowledgements(1);
        Assert.Equal(ServiceBusFailureReason.ServiceTimeout, await FailureOfAsync(() => bus.SendAsync("a")));
        await bus.SendAsync("a");
        Assert.Equal((1, 1), (bus.Queue.Count, bus.Queue.Duplicates));
    }

    [Fact]
    public async Task A_send_whose_acknowledgement_is_lost_with_the_connection_is_sent_again_by_the_client()
    {
        await using var bus = new BusUnderTest(retries: 3);
        bus.Emulator.LoseAcknowledgements(1, AcknowledgementLoss.Disconnection);
        await bus.SendAsync("a");
        Assert.Equal((1, 1, 2), (bus.Queue.Count, bus.Queue.Duplicates, bus.Emulator.ConnectionsTaken));
    }

    [Fact]
    public async Task A_completion_whose_acknowledgement_is_lost_has_no_lock_the_next_time()
    {
        await using var bus = new BusUnderTest(tryTimeout: BusUnderTest.TryTimeout, retries: 1);
        await bus.SendAsync("a");
        var message = await bus.ReceiveAsync();
        bus.Emulator.LoseAcknowledgements(1);
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, await FailureOfAsync(() => bus.Receiver.CompleteMessageAsync(message)));
        Assert.Equal(0, bus.Queue.Count);
    }

    [Fact]
    public async Task Locks_outlive_the_connection()
    {
        await using var bus = new BusUnderTest(retries: 3);
        await bus.SendAsync("a", "b", "c");
        var messages = new[] { await bus.ReceiveAsync(), await bus.ReceiveAsync(), await bus.ReceiveAsync() };
        bus.Emulator.DropConnections();
        Assert.Equal(3, bus.Queue.Locked);
        // Until the client has seen that the connection is broken, it takes the lock for lost.
        await bus.SendAsync("a");
        await bus.Receiver.CompleteMessageAsync(messages[0]);
        await bus.Receiver.AbandonMessageAsync(messages[1], new Dictionary<string, object> { ["why"] = "later" });
        await bus.Receiver.DeadLetterMessageAsync(messages[2], "Why", "In detail");
        var again = await bus.ReceiveAsync();
        Assert.Equal(("b", "later"), (again.MessageId, again.ApplicationProperties["why"]));
        var dead = await bus.ReceiveAsync(bus.DeadLetters);
        Assert.Equal(("c", "Why", "In detail"), (dead.MessageId, dead.DeadLetterReason, dead.DeadLetterErrorDescription));
        Assert.Equal((1, 1), (bus.Queue.Count, bus.Queue.DeadLetters.Count));
    }

    [Fact]
    public async Task A_receiver_that_waits_survives_a_broken_connection()
    {
        await using var bus = new BusUnderTest(retries: 3);
        await bus.SendAsync("a");
        await bus.Receiver.CompleteMessageAsync(await bus.ReceiveAsync());
        var waiting = bus.ReceiveAsync();
        bus.Emulator.DropConnections();
        await bus.SendAsync("b");
        Assert.Equal("b", (await waiting).MessageId);
    }
}
