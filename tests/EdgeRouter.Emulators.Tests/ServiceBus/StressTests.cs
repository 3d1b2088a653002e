using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using EdgeRouter.Emulators.ServiceBus;
using EdgeRouter.Emulators.ServiceBus.Queues;
using Xunit;

namespace EdgeRouter.Emulators.Tests.ServiceBus;

/// <summary>The broker's books balance whatever its clients and their connections do.</summary>
public sealed class StressTests
{
    private const int Messages = 10_000;
    private const int Receivers = 4;

    /// <summary>Connections break each time that so many locks have ended: as often on a slow machine as on a fast one.</summary>
    private const int SettlementsPerBreak = 300;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly ConcurrentDictionary<string, int> completedByBroker = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> completedByClients = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> deliveries = new(StringComparer.Ordinal);
    private int settlements;
    private int expired;

    [Fact]
    public async Task None_of_ten_thousand_messages_is_lost_or_completed_twice()
    {
        using var emulator = new ServiceBusEmulator(TimeProvider.System);
        var queue = emulator.AddQueue("usage", new QueueOptions { LockDuration = TimeSpan.FromSeconds(1), MaxDeliveryCount = 1000 });
        queue.OnSettled = (message, how) =>
        {
            if (how == Settlement.Completed) completedByBroker.AddOrUpdate(message.MessageId!, 1, static (_, before) => before + 1);
            if (how == Settlement.Expired) expired++;
            // The last ones close in peace.
            if (++settlements % SettlementsPerBreak == 0 && completedByBroker.Count < Messages - SettlementsPerBreak)
                ThreadPool.QueueUserWorkItem(static emulator => emulator.DropConnections(), emulator, preferLocal: false);
        };
        using var limit = new CancellationTokenSource(Limit);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var receiving = Enumerable.Range(1, Receivers).Select(seed => ReceiveAsync(emulator, new Random(seed), stop.Token)).ToArray();

        await SendAsync(emulator, limit.Token);
        while (queue.Count > 0) await Task.Delay(10, limit.Token);
        await stop.CancelAsync();
        await Task.WhenAll(receiving);

        var ids = Enumerable.Range(0, Messages).Select(number => $"{number}").Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(ids, completedByBroker.Keys.Order(StringComparer.Ordinal));
        Assert.All(completedByBroker.Values, times => Assert.Equal(1, times));
        // A client may miss the answer to a completion; it never gets one that the books do not have.
        Assert.Subset(completedByBroker.Keys.ToHashSet(), completedByClients.Keys.ToHashSet());
        Assert.All(completedByClients.Values, times => Assert.Equal(1, times));
        Assert.InRange(completedByClients.Count, Messages * 3 / 4, Messages);
        Assert.Equal((0, 0), (queue.Locked, queue.DeadLetters.Count));
        // It was rough: messages came again, and connections broke again and again.
        Assert.InRange(queue.Deliveries, Messages * 11 / 10, Messages * 100);
        Assert.Contains(deliveries.Values, times => times > 2);
        Assert.InRange(emulator.ConnectionsTaken, (Receivers + 1) * 3, int.MaxValue);
        TestContext.Current.SendDiagnosticMessage($"deliveries {queue.Deliveries}, duplicates {queue.Duplicates}, expired locks {expired}, "
            + $"connections {emulator.ConnectionsTaken}, completions that clients know of {completedByClients.Count}");
    }

    // A batch whose acknowledgement was lost is sent again by the client or by this loop, under the same ids.
    private static async Task SendAsync(ServiceBusEmulator emulator, CancellationToken cancellationToken)
    {
        await using var client = NewClient(emulator);
        await using var sender = client.CreateSender("usage");
        foreach (var numbers in Enumerable.Range(0, Messages).Chunk(100))
        {
            while (!await TryAsync(() => sender.SendMessagesAsync(
                numbers.Select(number => new ServiceBusMessage($"body {number}") { MessageId = $"{number}" }), cancellationToken)))
                cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task ReceiveAsync(ServiceBusEmulator emulator, Random random, CancellationToken cancellationToken)
    {
        await using var client = NewClient(emulator);
        await using var receiver = client.CreateReceiver("usage", new ServiceBusReceiverOptions { PrefetchCount = random.Next(2) * 20 });
        while (!cancellationToken.IsCancellationRequested)
        {
            IReadOnlyList<ServiceBusReceivedMessage> received = [];
            await TryAsync(async () => received = await receiver.ReceiveMessagesAsync(50, TimeSpan.FromSeconds(1), cancellationToken));
            await Task.WhenAll(received.Select(message => SettleAsync(receiver, message, random.Next(5) == 0)));
        }
    }

    private async Task SettleAsync(ServiceBusReceiver receiver, ServiceBusReceivedMessage message, bool isAbandoned)
    {
        Assert.Equal($"body {message.MessageId}", message.Body.ToString());
        deliveries.AddOrUpdate(message.MessageId, 1, static (_, before) => before + 1);
        if (isAbandoned) await TryAsync(() => receiver.AbandonMessageAsync(message));
        else if (await TryAsync(() => receiver.CompleteMessageAsync(message)))
            completedByClients.AddOrUpdate(message.MessageId, 1, static (_, before) => before + 1);
    }

    private static async Task<bool> TryAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (Exception error) when (error is ServiceBusException or OperationCanceledException)
        {
            return false;
        }
    }

    private static ServiceBusClient NewClient(ServiceBusEmulator emulator) => new(emulator.ConnectionString, new ServiceBusClientOptions
    {
        RetryOptions = new ServiceBusRetryOptions
        {
            Mode = ServiceBusRetryMode.Fixed,
            MaxRetries = 2,
            Delay = TimeSpan.FromMilliseconds(5),
            TryTimeout = TimeSpan.FromSeconds(5),
        },
    });
}
