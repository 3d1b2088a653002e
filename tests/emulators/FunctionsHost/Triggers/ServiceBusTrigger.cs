using Azure.Messaging.ServiceBus;
using EdgeRouter.Emulators.FunctionsHost.Worker;

namespace EdgeRouter.Emulators.FunctionsHost.Triggers;

/// <summary>Hands the messages of a queue to a batch function, one batch at a time. Their locks are not renewed: the real host does not either.</summary>
internal sealed class ServiceBusTrigger : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DelayAfterFailure = TimeSpan.FromSeconds(1);
    private readonly Function function;
    private readonly HostOptions options;
    private readonly int batchSize;
    private readonly bool autoComplete;
    private readonly ServiceBusClient? client;
    private readonly ServiceBusReceiver receiver;
    private readonly BatchDelivery delivery;

    /// <exception cref="InvalidOperationException">A setting that the attribute names is missing; or the function does not take batches.</exception>
    public ServiceBusTrigger(Function function, WorkerConnection worker, HostOptions options, HostJson hostJson, LockedMessages locked)
    {
        (this.function, this.options) = (function, options);
        if (function.Member("cardinality")?.GetString() != "Many") throw new InvalidOperationException("Only batch triggers are emulated.");
        batchSize = hostJson.MaxMessageBatchSize;
        autoComplete = function.Member("autoCompleteMessages")?.GetBoolean() ?? hostJson.AutoCompleteMessages;
        var queue = options.Resolve(function.Member("queueName")!.Value.GetString()!);
        var name = function.Member("connection")?.GetString() ?? "AzureWebJobsServiceBus";
        if (!options.Settings.TryGetValue(name, out var connection))
            throw new InvalidOperationException($"Microsoft.Azure.WebJobs.ServiceBus: Service Bus account connection string '{name}' does not exist.");
        if (options.OpenReceiver is not null)
        {
            receiver = options.OpenReceiver(connection, queue);
        }
        else
        {
            client = new ServiceBusClient(connection);
            receiver = client.CreateReceiver(queue);
        }
        delivery = new BatchDelivery(function, worker, receiver, locked);
    }

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, options.BatchesAtOnce).Select(_ => PumpAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        await receiver.DisposeAsync();
        if (client is not null) await client.DisposeAsync();
    }

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var messages = await receiver.ReceiveMessagesAsync(batchSize, LongestWait, cancellationToken);
                if (messages.Count > 0) await HandAsync(messages, cancellationToken);
            }
            catch (Exception error)
            {
                if (cancellationToken.IsCancellationRequested) return;
                options.Log(LogLevel.Error, $"Message processing error (Action=Receive, Function={function.Name}): {error.Message}");
                await Task.Delay(DelayAfterFailure, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task HandAsync(IReadOnlyList<ServiceBusReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var result = await delivery.RunAsync(messages, cancellationToken);
        if (!autoComplete) return;
        foreach (var message in messages)
        {
            if (result.Status == StatusResult.Types.Status.Success) await receiver.CompleteMessageAsync(message, CancellationToken.None);
            else await receiver.AbandonMessageAsync(message, null, CancellationToken.None);
        }
    }
}
