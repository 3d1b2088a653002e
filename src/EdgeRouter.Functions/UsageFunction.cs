using Azure.Messaging.ServiceBus;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions;

/// <summary>
/// Writes usage from the queue to the store. A message is completed when all its records are durable, dead-lettered when it cannot be read, and
/// otherwise given back. Any message may come again at any time; a record that was written is not counted again. One instance per invocation.
/// </summary>
/// <param name="writer">Writes records; poisoned ones go to their own table.</param>
/// <param name="time">Clock of the waits while the store is away.</param>
/// <param name="log">Log.</param>
public sealed class UsageFunction(UsageWriter writer, TimeProvider time, ILogger<UsageFunction> log)
{
    /// <summary>Name of the connection's settings; the Functions host reads them.</summary>
    internal const string Connection = "UsageBus";

    /// <summary>Reason of dead letters that are not usage messages.</summary>
    internal const string UnreadableReason = "UnreadableUsage";

    private const int RecordsAtOnce = 1000;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(15);

    /// <summary>Time kept free before the first lock expires, to give messages back.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(30);

    /// <summary>Handles a batch. Every message is settled, or comes again when its lock expires; nothing is thrown for one.</summary>
    /// <param name="messages">The messages, locked for this instance.</param>
    /// <param name="actions">Settles them.</param>
    /// <param name="cancellationToken">The instance stops: what is not written is given back.</param>
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
                await SettleAsync(message, () => actions.DeadLetterMessageAsync(message, null, UnreadableReason, reason, CancellationToken.None));
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
            FunctionsLog.StoreAway(log, error);
            await Task.WhenAll(group.Select(readable => AbandonAsync(readable.Message, actions)));
            return;
        }
        catch (Exception) when (group.Count > 1)
        {
            // One of them is at fault, and must not hold the others up.
            foreach (var readable in group) await WriteAsync([readable], actions, deadline, cancellationToken);
            return;
        }
        catch (Exception error)
        {
            // Given back until it has been delivered too often: the queue then puts it among the dead letters.
            FunctionsLog.NotWritten(log, group[0].Message.MessageId, error);
            await AbandonAsync(group[0].Message, actions);
            return;
        }
        await Task.WhenAll(
            group.Select(readable => SettleAsync(readable.Message, () => actions.CompleteMessageAsync(readable.Message, CancellationToken.None))));
    }

    /// <summary>
    /// While the store is away it tries again as long as the locks hold: a message given back comes again at once, and ten deliveries would be used
    /// up in no time.
    /// </summary>
    private async Task WriteUntilAsync(GenerationRecord[] records, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            try
            {
                await writer.WriteAsync(records, cancellationToken);
                return;
            }
            catch (StorageUnavailableException error) when (time.GetUtcNow() + delay < deadline)
            {
                FunctionsLog.StoreAway(log, error);
            }
            await Task.Delay(delay, time, cancellationToken);
        }
    }

    private Task AbandonAsync(ServiceBusReceivedMessage message, ServiceBusMessageActions actions) =>
        SettleAsync(message, () => actions.AbandonMessageAsync(message, null, CancellationToken.None));

    private async Task SettleAsync(ServiceBusReceivedMessage message, Func<Task> settle)
    {
        try
        {
            await settle();
        }
        catch (Exception error)
        {
            // The lock is lost or the service away: either way the message comes again.
            FunctionsLog.NotSettled(log, message.MessageId, error);
        }
    }

    private sealed record ReadableMessage(ServiceBusReceivedMessage Message, IReadOnlyList<GenerationRecord> Records);
}
