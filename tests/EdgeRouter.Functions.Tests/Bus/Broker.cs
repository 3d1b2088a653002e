using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace EdgeRouter.Functions.Tests.Bus;

/// <summary>
/// A Service Bus namespace inside the process, for tests on virtual time; <see cref="Client"/> is the real client with its calls led here. Queues come
/// into being when asked for. Thread-safe.
/// </summary>
internal sealed class Broker
{
    private readonly ConcurrentDictionary<string, BrokerQueue> queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider time;
    private readonly BrokerQueueOptions options;
    private int calls;

    public Broker(TimeProvider time, BrokerQueueOptions? options = null)
    {
        this.time = time;
        this.options = options ?? new BrokerQueueOptions();
    }

    /// <summary>A client of it. Thread-safe.</summary>
    public ServiceBusClient Client => new BrokerClient(this);

    /// <summary>While true, nothing reaches it: calls fail as they do when the network or the service is down.</summary>
    public bool Away { get; set; }

    /// <summary>While true, calls get no answer: they end when they are cancelled.</summary>
    public bool Silent { get; set; }

    /// <summary>Calls are answered when this completes.</summary>
    public Task Answering { get; set; } = Task.CompletedTask;

    /// <summary>Clients that were disposed.</summary>
    public int ClientsClosed { get; set; }

    /// <summary>Calls that reached it or tried to.</summary>
    public int Calls => calls;

    public BrokerQueue Queue(string name) => queues.GetOrAdd(name, static (name, self) => new BrokerQueue(self, name, self.time, self.options), this);

    public async Task ReachAsync(string entity, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref calls);
        await Answering.WaitAsync(cancellationToken);
        if (Silent) await Task.Delay(Timeout.Infinite, cancellationToken);
        if (Away) throw new ServiceBusException("The connection was refused.", ServiceBusFailureReason.ServiceCommunicationProblem, entity);
    }
}

/// <summary>Properties of a queue; the defaults are those of infra/modules/service-bus.bicep and of the Standard tier.</summary>
internal sealed record BrokerQueueOptions
{
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(5);

    public int MaxDeliveryCount { get; init; } = 10;

    public TimeSpan DuplicateDetectionWindow { get; init; } = TimeSpan.FromMinutes(30);

    public long MaxMessageBytes { get; init; } = 256 * 1024;

    public long MaxBatchBytes { get; init; } = 256 * 1024;
}
