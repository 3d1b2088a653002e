using Azure.Messaging.ServiceBus;

namespace EdgeRouter.Functions.Tests.Bus;

/// <summary>
/// A queue with peek-lock: a received message is hidden until it is settled or its lock expires; then it comes again, and after the allowed number of
/// deliveries goes to
/// <see cref="DeadLetters"/>. A message whose id was seen within the window is accepted and dropped. Thread-safe.
/// </summary>
internal sealed class BrokerQueue
{
    private readonly Lock gate = new();
    private readonly Broker broker;
    private readonly string name;
    private readonly TimeProvider time;
    private readonly BrokerQueue? deadLetters;
    private readonly SortedDictionary<long, StoredMessage> waiting = [];
    private readonly Dictionary<string, (StoredMessage Message, ITimer Expiry)> locked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> seen = new(StringComparer.Ordinal);
    private TaskCompletionSource arrived = NewSignal();
    private long lastSequenceNumber;
    private int lostAcknowledgements;

    internal BrokerQueue(Broker broker, string name, TimeProvider time, BrokerQueueOptions options, bool isDeadLetterQueue = false)
    {
        this.broker = broker;
        this.name = name;
        this.time = time;
        Options = options;
        if (!isDeadLetterQueue) deadLetters = new BrokerQueue(broker, name + "/$DeadLetterQueue", time, options, isDeadLetterQueue: true);
    }

    public BrokerQueueOptions Options { get; }

    public BrokerQueue DeadLetters => deadLetters ?? throw new InvalidOperationException("A dead-letter queue has none of its own.");

    /// <summary>Messages that wait or are locked.</summary>
    public int Count
    {
        get
        {
            lock (gate) return waiting.Count + locked.Count;
        }
    }

    /// <summary>Messages that are locked.</summary>
    public int Locked
    {
        get
        {
            lock (gate) return locked.Count;
        }
    }

    /// <summary>Messages dropped because their id was seen before.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Deliveries made, redeliveries included.</summary>
    public int Deliveries { get; private set; }

    /// <summary>The next so many sends are accepted, but their senders hear of a timeout.</summary>
    public void LoseAcknowledgements(int count)
    {
        lock (gate) lostAcknowledgements = count;
    }

    /// <summary>While true, receivers cannot settle messages.</summary>
    public bool RefusesSettlement { get; set; }

    /// <summary>Forgets the ids seen, as the end of the window does.</summary>
    public void ForgetIds()
    {
        lock (gate) seen.Clear();
    }

    internal async Task ReachAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        await broker.ReachAsync(name, cancellationToken);
    }

    internal void Enqueue(IReadOnlyList<ServiceBusMessage> messages)
    {
        if (messages.Sum(MessageSize.Of) > Options.MaxBatchBytes || messages.Any(message => MessageSize.Of(message) > Options.MaxMessageBytes))
            throw new ServiceBusException("The message is larger than is currently allowed.", ServiceBusFailureReason.MessageSizeExceeded, name);
        lock (gate)
        {
            var now = time.GetUtcNow();
            foreach (var message in messages)
            {
                if (IsDuplicateNeedsLock(message.MessageId, now)) Duplicates++;
                else AddNeedsLock(new StoredMessage(message, ++lastSequenceNumber, now));
            }
            if (lostAcknowledgements == 0) return;
            lostAcknowledgements--;
        }
        throw new ServiceBusException("The operation did not complete within the allocated time.", ServiceBusFailureReason.ServiceTimeout, name);
    }

    internal async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveAsync(int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(maxWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        while (true)
        {
            Task signal;
            lock (gate)
            {
                if (waiting.Count > 0) return [.. waiting.Values.Take(maxMessages).ToArray().Select(LockNeedsLock)];
                signal = arrived.Task;
            }
            await signal.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (patience.IsCancellationRequested) return [];
        }
    }

    internal IReadOnlyList<ServiceBusReceivedMessage> Peek(int maxMessages, long from)
    {
        lock (gate)
            return [.. waiting.Values.Concat(locked.Values.Select(entry => entry.Message)).Where(message => message.SequenceNumber >= from)
                .OrderBy(message => message.SequenceNumber).Take(maxMessages).Select(message => message.ToReceived(Guid.Empty, default))];
    }

    internal void Complete(string lockToken)
    {
        lock (gate) ReleaseNeedsLock(lockToken);
    }

    internal void Abandon(string lockToken)
    {
        lock (gate) ReturnNeedsLock(ReleaseNeedsLock(lockToken));
    }

    internal void DeadLetter(string lockToken, string? reason, string? description)
    {
        lock (gate) BuryNeedsLock(ReleaseNeedsLock(lockToken), reason, description);
    }

    private bool IsDuplicateNeedsLock(string? messageId, DateTimeOffset now)
    {
        if (messageId is null) return false;
        if (seen.TryGetValue(messageId, out var at) && now - at < Options.DuplicateDetectionWindow) return true;
        seen[messageId] = now;
        return false;
    }

    private void AddNeedsLock(StoredMessage message)
    {
        waiting.Add(message.SequenceNumber, message);
        arrived.TrySetResult();
        arrived = NewSignal();
    }

    private ServiceBusReceivedMessage LockNeedsLock(StoredMessage message)
    {
        waiting.Remove(message.SequenceNumber);
        message.DeliveryCount++;
        Deliveries++;
        var token = Guid.NewGuid();
        var expiry = time.CreateTimer(Expire, token.ToString(), Options.LockDuration, Timeout.InfiniteTimeSpan);
        locked.Add(token.ToString(), (message, expiry));
        return message.ToReceived(token, time.GetUtcNow() + Options.LockDuration);
    }

    private void Expire(object? token)
    {
        lock (gate)
        {
            // It may have been settled just before.
            if (locked.ContainsKey((string)token!)) ReturnNeedsLock(ReleaseNeedsLock((string)token!));
        }
    }

    private StoredMessage ReleaseNeedsLock(string lockToken)
    {
        if (!locked.Remove(lockToken, out var entry))
            throw new ServiceBusException("The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.",
                ServiceBusFailureReason.MessageLockLost, name);
        entry.Expiry.Dispose();
        return entry.Message;
    }

    private void ReturnNeedsLock(StoredMessage message)
    {
        if (deadLetters is null || message.DeliveryCount < Options.MaxDeliveryCount) AddNeedsLock(message);
        else BuryNeedsLock(message, "MaxDeliveryCountExceeded", $"Message could not be consumed after {message.DeliveryCount} delivery attempts.");
    }

    // The dead-letter queue has its own lock, always taken second.
    private void BuryNeedsLock(StoredMessage message, string? reason, string? description)
    {
        message.DeadLetterReason = reason;
        message.DeadLetterErrorDescription = description;
        message.DeliveryCount = 0;
        lock (DeadLetters.gate)
        {
            message.SequenceNumber = ++DeadLetters.lastSequenceNumber;
            DeadLetters.AddNeedsLock(message);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
