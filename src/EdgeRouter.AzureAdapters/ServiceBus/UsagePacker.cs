using System.Threading.Channels;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>Gathers records into messages: as many as fit one, or what came until the oldest has waited for the flush window. One reader.</summary>
internal sealed class UsagePacker(ChannelReader<PendingRecord> queue, TimeSpan window, TimeProvider time)
{
    /// <summary>Adds the records of the next message to an empty list. False: the queue is closed and empty.</summary>
    public async ValueTask<bool> FillAsync(List<PendingRecord> message)
    {
        if (!await queue.WaitToReadAsync()) return false;
        var bytes = UsageMessage.EnvelopeBytes;
        CancellationTokenSource? patience = null;
        try
        {
            while (true)
            {
                while (queue.TryPeek(out var next))
                {
                    if (message.Count > 0 && bytes + 1 + next.Json.Length > UsageMessage.MaxBytes) return true;
                    queue.TryRead(out _);
                    bytes += 1 + next.Json.Length;
                    message.Add(next);
                    if (message.Count == UsageMessage.MaxRecords) return true;
                }
                patience ??= PatienceFor(message[0]);
                if (patience.IsCancellationRequested || !await MoreComesAsync(patience.Token)) return true;
            }
        }
        finally
        {
            patience?.Dispose();
        }
    }

    // The oldest may have waited already, while the message before was being sent.
    private CancellationTokenSource PatienceFor(PendingRecord oldest)
    {
        var left = window - time.GetElapsedTime(oldest.Arrived);
        return left > TimeSpan.Zero ? new CancellationTokenSource(left, time) : new CancellationTokenSource(TimeSpan.Zero);
    }

    /// <summary>False: none came in time, or the queue is closed.</summary>
    private async ValueTask<bool> MoreComesAsync(CancellationToken cancellationToken)
    {
        var more = queue.WaitToReadAsync(cancellationToken).AsTask();
        await ((Task)more).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return more.IsCompletedSuccessfully && await more;
    }
}
