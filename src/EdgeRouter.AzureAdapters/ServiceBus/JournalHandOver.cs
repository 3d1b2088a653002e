using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>
/// Writes what is in the journal without Service Bus, oldest first. A message that cannot be written is reported once, skipped and left in the
/// journal for Service Bus. One caller at a time.
/// </summary>
/// <param name="journal">The journal.</param>
/// <param name="write">See <see cref="ServiceBusUsageQueueOptions.WriteUnsent"/>.</param>
/// <param name="onUnwritable">See <see cref="ServiceBusUsageQueueOptions.OnUnwritable"/>.</param>
/// <param name="time">Clock of its bound.</param>
internal sealed class JournalHandOver(UsageJournal journal, Func<IReadOnlyList<GenerationRecord>, CancellationToken, Task> write,
    Action<string, Exception>? onUnwritable, TimeProvider time)
{
    private string? lastSteppedOver;

    /// <summary>The journal continues with another process's messages.</summary>
    public void StartOver() => lastSteppedOver = null;

    /// <summary>
    /// Writes and forgets messages until none is left that can be written (true), or the time is over (false): while records keep coming, there may be
    /// no end.
    /// </summary>
    /// <param name="atMost">Time after which no further messages are begun; null: all are written.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="StorageUnavailableException">Not now; what is left is still in the journal.</exception>
    public async Task<bool> RunAsync(TimeSpan? atMost, CancellationToken cancellationToken)
    {
        for (var began = time.GetTimestamp(); atMost is null || time.GetElapsedTime(began) < atMost;)
        {
            var oldest = await journal.PeekAsync(JournalDrain.MessagesAtOnce, lastSteppedOver);
            if (oldest.Count == 0) return true;
            try
            {
                await WriteAsync(oldest, cancellationToken);
            }
            catch (Exception error) when (IsOfContent(error, cancellationToken))
            {
                // One of them is at fault, and must not hold the others up.
                foreach (var entry in oldest) await WriteAloneAsync(entry, cancellationToken);
            }
        }
        return false;
    }

    private async Task WriteAloneAsync((string Row, PackedMessage Message) entry, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync([entry], cancellationToken);
        }
        catch (Exception error) when (IsOfContent(error, cancellationToken))
        {
            lastSteppedOver = entry.Row;
            onUnwritable?.Invoke(entry.Message.Id, error);
        }
    }

    private async Task WriteAsync(IReadOnlyList<(string Row, PackedMessage Message)> entries, CancellationToken cancellationToken)
    {
        await write([.. entries.SelectMany(static entry => entry.Message.Decode())], cancellationToken);
        await journal.RemoveAsync(entries);
    }

    private static bool IsOfContent(Exception error, CancellationToken cancellationToken) => error is not StorageUnavailableException
        && !cancellationToken.IsCancellationRequested;
}
