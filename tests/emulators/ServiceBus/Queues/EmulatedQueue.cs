namespace EdgeRouter.Emulators.ServiceBus.Queues;

/// <summary>
/// A queue with peek-lock. A received message is hidden until it is settled or its lock expires; then it comes again, in its old place, and after the
/// allowed number of deliveries it goes to <see cref="DeadLetters"/>. Thread-safe.
/// </summary>
public sealed class EmulatedQueue
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly EmulatedQueue? deadLetters;
    private readonly SeenIds seen;
    private readonly SortedDictionary<long, StoredMessage> waiting = [];
    private readonly Dictionary<Guid, MessageLock> locks = [];
    private Action? available;
    private long lastSequenceNumber;

    internal EmulatedQueue(string name, QueueOptions options, TimeProvider time, bool isDeadLetterQueue = false)
    {
        Name = name;
        Options = options;
        this.time = time;
        seen = new SeenIds(options.DuplicateDetectionWindow);
        if (!isDeadLetterQueue) deadLetters = new EmulatedQueue(name + "/$DeadLetterQueue", options, time, isDeadLetterQueue: true);
    }

    /// <summary>Told of each message whose lock ended, under the queue's lock: it must not call the queue. Set before the queue is used.</summary>
    public Action<StoredMessage, Settlement>? OnSettled { get; set; }

    public string Name { get; }

    public QueueOptions Options { get; }

    /// <exception cref="InvalidOperationException">This is a dead-letter queue.</exception>
    public EmulatedQueue DeadLetters => deadLetters ?? throw new InvalidOperationException("A dead-letter queue has none of its own.");

    /// <summary>Messages that wait or are locked.</summary>
    public int Count
    {
        get
        {
            lock (gate) return waiting.Count + locks.Count;
        }
    }

    /// <summary>Messages that are locked.</summary>
    public int Locked
    {
        get
        {
            lock (gate) return locks.Count;
        }
    }

    /// <summary>Messages that were accepted and dropped because their id was seen before.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Deliveries made, redeliveries included.</summary>
    public int Deliveries { get; private set; }

    /// <summary>Forgets the ids seen, as the end of the window does.</summary>
    public void ForgetIds()
    {
        lock (gate) seen.Clear();
    }

    /// <summary>Tells of messages that can be had from now on, under the queue's lock.</summary>
    internal void Watch(Action whenAvailable)
    {
        lock (gate) available += whenAvailable;
    }

    internal void Unwatch(Action whenAvailable)
    {
        lock (gate) available -= whenAvailable;
    }

    internal void Enqueue(IReadOnlyList<EncodedMessage> messages)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            foreach (var message in messages)
            {
                if (seen.TryAdd(message.MessageId, now)) AddNeedsLock(new StoredMessage(message, ++lastSequenceNumber, now));
                else Duplicates++;
            }
        }
    }

    /// <summary>Locks the oldest message; null: there is none.</summary>
    internal MessageView? TryLock()
    {
        lock (gate)
        {
            foreach (var (number, message) in waiting)
            {
                waiting.Remove(number);
                message.DeliveryCount++;
                Deliveries++;
                var token = Guid.NewGuid();
                var expiry = time.CreateTimer(_ => TrySettle(token, Settlement.Expired), null, Options.LockDuration, Timeout.InfiniteTimeSpan);
                var until = time.GetUtcNow() + Options.LockDuration;
                locks.Add(token, new MessageLock(message, expiry, until));
                return new MessageView(message, message.DeliveryCount, token, until);
            }
            return null;
        }
    }

    /// <summary>Ends a lock. False: it is lost.</summary>
    /// <param name="token">Names the lock.</param>
    /// <param name="how">What becomes of the message.</param>
    /// <param name="properties">Application properties to add to a message that stays.</param>
    internal bool TrySettle(Guid token, Settlement how, IReadOnlyDictionary<string, object>? properties = null)
    {
        lock (gate)
        {
            if (!locks.Remove(token, out var ended)) return false;
            ended.Expiry.Dispose();
            var message = ended.Message;
            if (properties is not null) message.Add(properties);
            if (how == Settlement.Released)
            {
                message.DeliveryCount--;
                Deliveries--;
            }
            if (how == Settlement.DeadLettered) BuryNeedsLock(message);
            else if (how != Settlement.Completed) ReturnNeedsLock(message);
            OnSettled?.Invoke(message, how);
            return true;
        }
    }

    /// <summary>Starts the lock's duration anew. Null: the lock is lost.</summary>
    internal DateTimeOffset? TryRenew(Guid token)
    {
        lock (gate)
        {
            if (!locks.TryGetValue(token, out var renewed)) return null;
            var until = time.GetUtcNow() + Options.LockDuration;
            renewed.Expiry.Change(Options.LockDuration, Timeout.InfiniteTimeSpan);
            locks[token] = renewed with { Until = until };
            return until;
        }
    }

    /// <summary>Messages that wait or are locked, by sequence number.</summary>
    internal IReadOnlyList<MessageView> Peek(long from, int count)
    {
        lock (gate)
            return [.. waiting.Values.Concat(locks.Values.Select(held => held.Message)).Where(message => message.SequenceNumber >= from)
                .OrderBy(message => message.SequenceNumber).Take(count).Select(message => new MessageView(message, message.DeliveryCount))];
    }

    private void AddNeedsLock(StoredMessage message)
    {
        waiting.Add(message.SequenceNumber, message);
        available?.Invoke();
    }

    private void ReturnNeedsLock(StoredMessage message)
    {
        if (deadLetters is null || message.DeliveryCount < Options.MaxDeliveryCount)
        {
            AddNeedsLock(message);
            return;
        }
        message.Add(DeadLetterProperties.Of("MaxDeliveryCountExceeded",
            $"Message could not be consumed after {message.DeliveryCount} delivery attempts."));
        BuryNeedsLock(message);
    }

    // The dead-letter queue's lock is always taken second. A dead letter that is dead-lettered again stays where it is.
    private void BuryNeedsLock(StoredMessage message)
    {
        if (deadLetters is null)
        {
            AddNeedsLock(message);
            return;
        }
        message.DeliveryCount = 0;
        lock (deadLetters.gate) deadLetters.AddNeedsLock(message);
    }

    private readonly record struct MessageLock(StoredMessage Message, ITimer Expiry, DateTimeOffset Until);
}
