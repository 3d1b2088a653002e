using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace EdgeRouter.StandIns.ServiceBus;

/// <summary>
/// A Service Bus namespace inside the process. Clients find it by its host name while it is not disposed. Queues come into being when asked for. Thread-safe.
/// </summary>
public sealed class Broker : IDisposable
{
    private static readonly ConcurrentDictionary<string, Broker> Brokers = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, BrokerQueue> queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider time;
    private readonly BrokerQueueOptions options;
    private int calls;

    public Broker(string host, TimeProvider time, BrokerQueueOptions options = null)
    {
        Host = host;
        this.time = time;
        this.options = options ?? new BrokerQueueOptions();
        if (!Brokers.TryAdd(host, this)) throw new ArgumentException($"There is a broker named {host} already.", nameof(host));
    }

    /// <summary>Makes one with this name unless there is one.</summary>
    public static void Ensure(string host, TimeProvider time)
    {
        if (!Brokers.ContainsKey(host)) _ = new Broker(host, time);
    }

    public string Host { get; }

    public string ConnectionString => $"Endpoint=sb://{Host}/;SharedAccessKeyName=stand-in;SharedAccessKey=none";

    /// <summary>While true, nothing reaches it: calls fail as they do when the network or the service is down.</summary>
    public bool Away { get; set; }

    /// <summary>While true, calls get no answer: they end when they are cancelled.</summary>
    public bool Silent { get; set; }

    /// <summary>Calls that reached it or tried to.</summary>
    public int Calls => calls;

    public BrokerQueue Queue(string name) => queues.GetOrAdd(name, static (name, self) => new BrokerQueue(self, name, self.time, self.options), this);

    public void Dispose() => Brokers.TryRemove(KeyValuePair.Create(Host, this));

    internal static Broker Of(string host) => Brokers.TryGetValue(host, out var broker)
        ? broker
        : throw new ServiceBusException("No such host is known.", ServiceBusFailureReason.ServiceCommunicationProblem);

    internal async Task ReachAsync(string entity, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref calls);
        if (Silent) await Task.Delay(Timeout.Infinite, cancellationToken);
        if (Away) throw new ServiceBusException("The connection was refused.", ServiceBusFailureReason.ServiceCommunicationProblem, entity);
    }
}

/// <summary>Properties of a queue; the defaults are those of infra/modules/service-bus.bicep and of the Standard tier.</summary>
public sealed record BrokerQueueOptions
{
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(5);

    public int MaxDeliveryCount { get; init; } = 10;

    public TimeSpan DuplicateDetectionWindow { get; init; } = TimeSpan.FromMinutes(30);

    public long MaxMessageBytes { get; init; } = 256 * 1024;

    public long MaxBatchBytes { get; init; } = 256 * 1024;
}
