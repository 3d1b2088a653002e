using Azure.Messaging.ServiceBus;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions;

/// <summary>
/// Writes usage from the queue to the store. A message is completed when all its records are durable, dead-lettered when it cannot be read, and
/// otherwise abandoned. Any message may be delivered again at any time; a record that was written is not counted again. One instance per invocation.
/// </summary>
/// <param name="writer">Writes records; poisoned ones go to their own table.</param>
/// <param name="time">Clock of the waits while the store is unreachable.</param>
/// <param name="log">Log.</param>
public sealed class UsageFunction(UsageWriter writer, TimeProvider time, ILogger<UsageFunction> log)
{
    /// <summary>Name of the connection's settings; the Functions host reads them.</summary>
    internal const string Connection = "UsageBus";

    /// <summary>Reason of dead letters that are not usage messages.</summary>
    internal const string UnreadableReason = "UnreadableUsage";

    private const int RecordsAtOnce = 1000;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(15);

    /// <summary>Time kept free before the first lock expires, to abandon messages.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Handles a batch. Every message is completed, moved or abandoned, or it is delivered again when its lock expires; a single message never causes
    /// an exception.
    /// </summary>
    /// <param name="messages">The messages, locked for this instance.</param>
    /// <param name="actions">Completes or abandons them.</param>
    /// <param name="cancellationToken">The instance stops: what is not written is abandoned.</param>
    [Function("usage-writer")]
    public async Task RunAsync(
        [ServiceBusTrigger("%UsageQueueName%", Connection = Connection, IsBatched = true, AutoCompleteMessages = false)] ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        // A batch trigger's locks are not renewed.
        var deadline = messages.Min(static message => message.LockedUntil) - Reserve;
        var group = new List<ReadableMessage>();
        foreach (var message in messages)
        {
            if (!UsageMessage.TryDecode(message.Body.ToMemory().Span, out var records, out var reason))
            {
                FunctionsLog.Unreadable(log, message.MessageId, reason);
                await DecideAsync(message, () => actions.DeadLetterMessageAsync(message, null, UnreadableReason, reason, CancellationToken.None));
                continue;
            }
            group.Add(new ReadableMessage(message, records));
            if (group.Sum(static readable => readable.Records.Count) < RecordsAtOnce) continue;
            await WriteAsync(group, actions, deadline, cancellationToken);
            group.Clear();
        }
        if (group.Count > 0) await WriteAsync(group, actions, deadline, cancellationToken);
    }

    private async Task WriteAsync(IReadOnlyList<ReadableMessage> group, ServiceBusMessageActions actions, DateTimeOffset deadline,
        CancellationToken cancellationToken)
    {
        try
        {
            await WriteUntilAsync([.. group.SelectMany(static readable => readable.Records)], deadline, cancellationToken);
        }
        catch (Exception error) when (error is StorageUnavailableException or OperationCanceledException)
        {
            FunctionsLog.StoreUnreachable(log, error);
            await Task.WhenAll(group.Select(readable => AbandonAsync(readable.Message, actions)));
            return;
        }
        catch (Exception) when (group.Count > 1)
        {
            // One of them cannot be written. Write them one by one, so that it does not block the others.
            foreach (var readable in group) await WriteAsync([readable], actions, deadline, cancellationToken);
            return;
        }
        catch (Exception error)
        {
            // Abandoned until it was delivered too often: the queue then moves it to the dead-letter queue.
            FunctionsLog.NotWritten(log, group[0].Message.MessageId, error);
            await AbandonAsync(group[0].Message, actions);
            return;
        }
        await Task.WhenAll(
            group.Select(readable => DecideAsync(readable.Message, () => actions.CompleteMessageAsync(readable.Message, CancellationToken.None))));
    }

    /// <summary>
    /// While the store is unreachable it retries as long as the locks last: an abandoned message is delivered again at once, and would reach its 10
    /// deliveries within seconds.
    /// </summary>
    private async Task WriteUntilAsync(GenerationRecord[] records, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        for (var delay = FirstDelay; ; delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay)
        {
            try
            {
                await writer.WriteAsync(records, cancellationToken);
                return;
            }
            catch (StorageUnavailableException error) when (time.GetUtcNow() + delay < deadline)
            {
                FunctionsLog.StoreUnreachable(log, error);
            }
            await Task.Delay(delay, time, cancellationToken);
        }
    }

    private Task AbandonAsync(ServiceBusReceivedMessage message, ServiceBusMessageActions actions) =>
        DecideAsync(message, () => actions.AbandonMessageAsync(message, null, CancellationToken.None));

    private async Task DecideAsync(ServiceBusReceivedMessage message, Func<Task> decide)
    {
        try
        {
            await decide();
        }
        catch (Exception error)
        {
            // The lock is lost or the service unreachable: in both cases the message is delivered again.
            FunctionsLog.NotCompleted(log, message.MessageId, error);
        }
    }

    private sealed record ReadableMessage(ServiceBusReceivedMessage Message, IReadOnlyList<GenerationRecord> Records);
}
