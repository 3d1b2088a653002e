using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using EdgeRouter.Emulators.ServiceBus.Queues;

namespace EdgeRouter.Emulators.ServiceBus.InMemory;

/// <summary>
/// A Service Bus namespace without a wire, for tests on virtual time; <see cref="Client"/> is the real client with its calls led here. Its queues are
/// those of the emulator. They come into being when asked for. Thread-safe.
/// </summary>
public sealed class Broker(TimeProvider time, QueueOptions? options = null)
{
    private readonly ConcurrentDictionary<string, EmulatedQueue> queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly QueueOptions options = options ?? new QueueOptions();
    private int calls;
    private int clientsClosed;
    private int lostAcknowledgements;

    /// <summary>A client of it. Thread-safe.</summary>
    public ServiceBusClient Client => new BrokerClient(this);

    /// <summary>While true, nothing reaches it: calls fail as they do when the network or the service is down.</summary>
    public bool Away { get; set; }

    /// <summary>While true, calls get no answer: they end when they are cancelled.</summary>
    public bool Silent { get; set; }

    /// <summary>While true, receivers cannot settle messages.</summary>
    public bool RefusesSettlement { get; set; }

    /// <summary>Calls are answered when this completes.</summary>
    public Task Answering { get; set; } = Task.CompletedTask;

    /// <summary>Calls that reached it or tried to.</summary>
    public int Calls => Volatile.Read(ref calls);

    /// <summary>Clients that were disposed.</summary>
    public int ClientsClosed => Volatile.Read(ref clientsClosed);

    internal TimeProvider Time => time;

    /// <summary>The next so many sends are accepted, but their senders hear of a timeout.</summary>
    public void LoseAcknowledgements(int count) => Volatile.Write(ref lostAcknowledgements, count);

    public EmulatedQueue Queue(string name) => queues.GetOrAdd(name, static (name, self) => new EmulatedQueue(name, self.options, self.Time), this);

    internal void ClientClosed() => Interlocked.Increment(ref clientsClosed);

    /// <summary>Whether this acknowledgement is lost.</summary>
    internal bool TakeLoss()
    {
        if (Interlocked.Decrement(ref lostAcknowledgements) >= 0) return true;
        Interlocked.Increment(ref lostAcknowledgements);
        return false;
    }

    internal async Task ReachAsync(string entity, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref calls);
        await Answering.WaitAsync(cancellationToken);
        if (Silent) await Task.Delay(Timeout.Infinite, cancellationToken);
        if (Away) throw new ServiceBusException("The connection was refused.", ServiceBusFailureReason.ServiceCommunicationProblem, entity);
    }
}
