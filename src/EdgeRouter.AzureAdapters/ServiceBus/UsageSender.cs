using Azure.Messaging.ServiceBus;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>Sends messages in as few batches as they fit. Thread-safe.</summary>
internal sealed class UsageSender(ServiceBusSender sender, TimeSpan timeout, TimeProvider time) : IAsyncDisposable
{
    private static readonly string Subject = $"usage.v{UsageMessage.Version}";

    /// <summary>Opens the connection, so that the first send need not.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        using var batch = await sender.CreateMessageBatchAsync(cancellationToken);
    }

    /// <summary>Completes when Service Bus has accepted all of them. On an error any of them may have been accepted: send all of them again.</summary>
    public async Task SendAsync(IReadOnlyList<PackedMessage> messages, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        for (var next = 0; next < messages.Count;)
        {
            using var batch = await sender.CreateMessageBatchAsync(either.Token);
            while (next < messages.Count && batch.TryAddMessage(ToMessage(messages[next]))) next++;
            if (batch.Count == 0)
                throw new InvalidOperationException($"A usage message of {messages[next].Body.Length} bytes does not fit the queue's {batch.MaxSizeInBytes}.");
            await sender.SendMessagesAsync(batch, either.Token);
        }
    }

    public ValueTask DisposeAsync() => sender.DisposeAsync();

    private static ServiceBusMessage ToMessage(PackedMessage message) => new(BinaryData.FromBytes(message.Body))
    {
        MessageId = message.Id,
        ContentType = "application/json",
        Subject = Subject,
    };
}
