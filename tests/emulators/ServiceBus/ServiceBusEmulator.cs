using System.Collections.Concurrent;
using EdgeRouter.Emulators.ServiceBus.Amqp;
using EdgeRouter.Emulators.ServiceBus.Faults;
using EdgeRouter.Emulators.ServiceBus.Queues;

namespace EdgeRouter.Emulators.ServiceBus;

/// <summary>
/// A Service Bus namespace with queues, for the real client: AMQP 1.0 without TLS on a loopback port. It has no sessions, topics, transactions,
/// deferred or scheduled messages, and keeps nothing on disk. Thread-safe.
/// </summary>
public sealed class ServiceBusEmulator : IDisposable
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, EmulatedQueue> queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly FaultSwitches faults = new();
    private readonly ConnectionSet connections = new();
    private readonly TimeProvider time;
    private readonly Listener listener;

    /// <summary>Starts to listen.</summary>
    /// <param name="time">Clock of locks and of duplicate detection. The clients and the connections have their own.</param>
    /// <param name="port">The port; zero: any that is free.</param>
    public ServiceBusEmulator(TimeProvider time, int port = 0)
    {
        this.time = time;
        listener = new Listener(port, faults, new LinkProvider(queues, faults, connections));
        listener.Start();
    }

    public int Port => listener.Port;

    /// <summary>For the real client; the key is not checked.</summary>
    public string ConnectionString => $"Endpoint=sb://127.0.0.1:{Port};SharedAccessKeyName=emulator;SharedAccessKey=none;UseDevelopmentEmulator=true";

    /// <summary>Connections taken since the start.</summary>
    public int ConnectionsTaken => connections.Taken;

    /// <summary>While true, connections are refused. Turning it on breaks those that are open.</summary>
    public bool IsAway
    {
        get => connections.IsRefusing;
        set
        {
            lock (gate)
            {
                connections.IsRefusing = value;
                if (value) listener.Stop();
                else listener.Start();
            }
        }
    }

    /// <summary>While true, connections are accepted, and nothing that a client sends has any effect or answer.</summary>
    public bool IsSilent
    {
        get => faults.IsSilent;
        set => faults.IsSilent = value;
    }

    /// <summary>Adds a queue, or returns the one of this name.</summary>
    public EmulatedQueue AddQueue(string name, QueueOptions? options = null) =>
        queues.GetOrAdd(name, static (name, made) => new EmulatedQueue(name, made.options, made.time), (options: options ?? new QueueOptions(), time));

    /// <summary>The next so many sends and settlements are done, and their clients do not hear of it.</summary>
    public void LoseAcknowledgements(int count, AcknowledgementLoss how = AcknowledgementLoss.Silence) => faults.LoseAcknowledgements(count, how);

    /// <summary>Breaks all connections, once. Locks stay.</summary>
    public void DropConnections() => connections.Break();

    public void Dispose()
    {
        lock (gate)
        {
            connections.IsRefusing = true;
            listener.Dispose();
        }
    }
}
