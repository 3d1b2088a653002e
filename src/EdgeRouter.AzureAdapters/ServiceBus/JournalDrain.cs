using System.Threading.Channels;

namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>
/// Sends what is in the journal, oldest first, as soon as Service Bus takes it; in between it waits ever longer. Once Service Bus has been away for a
/// while, these waits are used to hand over what it does not take, if there is someone to take it; so are the last seconds of a queue that is closed.
/// </summary>
internal sealed class JournalDrain(UsageJournal journal, UsageSender sender, LinkState link, JournalHandOver? handOver, TimeSpan patience, TimeProvider time,
    Random random) : IDisposable
{
    public const int MessagesAtOnce = 16;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ClosingDelay = TimeSpan.FromMilliseconds(200);
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource closing = new();
    private TimeSpan delay = FirstDelay;

    /// <summary>Says that there is something in the journal.</summary>
    public void Wake() => wake.Writer.TryWrite(true);

    /// <summary>From now on it does not wait for Service Bus to come back.</summary>
    public void Close() => closing.Cancel();

    /// <summary>Nothing more will come: the loop ends when it has tried to empty the journal.</summary>
    public void Complete() => wake.Writer.TryComplete();

    public void Dispose() => closing.Dispose();

    /// <summary>Runs until <see cref="Complete"/>, or until <paramref name="abandon"/>; what is left then stays in the journal.</summary>
    /// <param name="sends">Ends the tries to send, and with them a send in progress.</param>
    /// <param name="abandon">Ends all.</param>
    public async Task RunAsync(CancellationToken sends, CancellationToken abandon)
    {
        do
        {
            wake.Reader.TryRead(out _);
            while (!journal.IsEmpty)
            {
                await EmptyAsync(sends, abandon);
                if (closing.IsCancellationRequested || !await TryAdoptAbandonedAsync()) break;
            }
        }
        while (!abandon.IsCancellationRequested && await wake.Reader.WaitToReadAsync(CancellationToken.None));
    }

    /// <summary>Adopts what a process left that was alive when this one started, and has died since. False: there is nothing more.</summary>
    private async Task<bool> TryAdoptAbandonedAsync()
    {
        try
        {
            if (!await journal.TryAdoptAbandonedAsync()) return false;
        }
        catch (Exception error)
        {
            // Whatever it was must not end the loop: it may have been taken all the same, and else it waits for another time.
            link.Failed(error);
        }
        handOver?.StartOver();
        return true;
    }

    private async Task EmptyAsync(CancellationToken sends, CancellationToken abandon)
    {
        while (!journal.IsEmpty && !abandon.IsCancellationRequested)
        {
            try
            {
                var oldest = await journal.PeekAsync(MessagesAtOnce);
                // The first is just being written; its writer wakes this loop.
                if (oldest.Count == 0) return;
                if (!sends.IsCancellationRequested)
                {
                    await sender.SendAsync([.. oldest.Select(static entry => entry.Message)], sends);
                    link.Succeeded();
                    // If this fails they are sent again, under the same ids.
                    await journal.RemoveAsync(oldest);
                    delay = FirstDelay;
                    continue;
                }
            }
            catch (Exception error)
            {
                if (abandon.IsCancellationRequested) return;
                link.Failed(error);
            }
            var isClosing = closing.IsCancellationRequested;
            // Spread, so that the instances of a region do not come back all at once.
            var wait = isClosing ? ClosingDelay : delay * (0.5 + random.NextDouble() / 2);
            var began = time.GetTimestamp();
            var isHandedOver = handOver is not null && (isClosing || link.AwayFor >= patience)
                && await TryHandOverAsync(handOver, isClosing ? null : wait, abandon);
            if (isClosing && (isHandedOver || handOver is null)) return;
            var left = wait - time.GetElapsedTime(began);
            if (left > TimeSpan.Zero)
                await Task.Delay(left, time, isClosing ? abandon : closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }

    /// <summary>True: all that can be handed over is.</summary>
    private async Task<bool> TryHandOverAsync(JournalHandOver handOver, TimeSpan? atMost, CancellationToken abandon)
    {
        try
        {
            return await handOver.RunAsync(atMost, abandon);
        }
        catch (Exception error)
        {
            // Whatever it was: what is still in the journal waits there for the next try, or for the next process.
            link.Failed(error);
            return false;
        }
    }
}
