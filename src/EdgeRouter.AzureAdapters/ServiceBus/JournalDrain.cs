using System.Threading.Channels;

namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>Sends what is in the journal, oldest first, as soon as Service Bus takes it; in between it waits ever longer.</summary>
internal sealed class JournalDrain(UsageJournal journal, UsageSender sender, LinkState link, TimeProvider time, Random random) : IDisposable
{
    public const int MessagesAtOnce = 16;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource closing = new();

    /// <summary>Says that there is something in the journal.</summary>
    public void Wake() => wake.Writer.TryWrite(true);

    /// <summary>Nothing more will come: the loop tries once more without waiting and ends.</summary>
    public void Close()
    {
        wake.Writer.TryComplete();
        closing.Cancel();
    }

    public void Dispose() => closing.Dispose();

    /// <summary>Runs until <see cref="Close"/>, or until <paramref name="abandon"/>; what is left then stays in the journal.</summary>
    public async Task RunAsync(CancellationToken abandon)
    {
        do
        {
            wake.Reader.TryRead(out _);
            await EmptyAsync(abandon);
        }
        while (!abandon.IsCancellationRequested && await wake.Reader.WaitToReadAsync(CancellationToken.None));
    }

    private async Task EmptyAsync(CancellationToken abandon)
    {
        var delay = FirstDelay;
        while (!journal.IsEmpty && !abandon.IsCancellationRequested)
        {
            try
            {
                var oldest = await journal.PeekAsync(MessagesAtOnce);
                // The first is just being written; whoever writes it wakes this loop.
                if (oldest.Count == 0) return;
                await sender.SendAsync([.. oldest.Select(entry => entry.Message)], abandon);
                link.Succeeded();
                // If this fails they are sent again, under the same ids.
                await journal.RemoveAsync(oldest);
                delay = FirstDelay;
                continue;
            }
            catch (Exception error)
            {
                if (abandon.IsCancellationRequested) return;
                link.Failed(error);
                if (closing.IsCancellationRequested) return;
            }
            // Spread, so that the instances of a region do not come back all at once.
            await Task.Delay(delay * (0.5 + random.NextDouble() / 2), time, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }
}
