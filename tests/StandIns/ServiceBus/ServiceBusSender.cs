using EdgeRouter.StandIns.ServiceBus;

namespace Azure.Messaging.ServiceBus;

public class ServiceBusSender : IAsyncDisposable
{
    private readonly ServiceBusClient client;

    internal ServiceBusSender(ServiceBusClient client, string entityPath)
    {
        this.client = client;
        EntityPath = entityPath;
    }

    public virtual string EntityPath { get; }

    public virtual async ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
    {
        var queue = client.Queue(EntityPath);
        await queue.ReachAsync(cancellationToken);
        return new ServiceBusMessageBatch(queue.Options.MaxBatchBytes);
    }

    public virtual async Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
    {
        var queue = client.Queue(EntityPath);
        await queue.ReachAsync(cancellationToken);
        queue.Enqueue(messageBatch.Messages);
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

public sealed class ServiceBusMessageBatch : IDisposable
{
    // What the real batch takes for itself and adds to each message is about this much.
    private const int BatchOverhead = 128;
    private readonly List<ServiceBusMessage> messages = [];

    internal ServiceBusMessageBatch(long maxSizeInBytes) => MaxSizeInBytes = maxSizeInBytes;

    public int Count => messages.Count;

    public long MaxSizeInBytes { get; }

    public long SizeInBytes { get; private set; } = BatchOverhead;

    internal IReadOnlyList<ServiceBusMessage> Messages => messages;

    public bool TryAddMessage(ServiceBusMessage message)
    {
        var size = MessageSize.Of(message);
        if (SizeInBytes + size > MaxSizeInBytes) return false;
        SizeInBytes += size;
        messages.Add(message);
        return true;
    }

    public void Dispose() => messages.Clear();
}
