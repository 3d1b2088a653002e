using System.Threading.Channels;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>
/// Gathers records into messages: what waits when the message is made, as far as it fits. Nothing is waited for, so that a record that comes while no
/// message is being sent goes at once and alone, and those that arrive during a send share the next message. One reader.
/// </summary>
internal sealed class UsagePacker(ChannelReader<PendingRecord> queue)
{
    /// <summary>Adds the records of the next message to an empty list, waiting for the first. False: the queue is closed and empty.</summary>
    public async ValueTask<bool> FillAsync(List<PendingRecord> message)
    {
        if (!await queue.WaitToReadAsync()) return false;
        for (var bytes = UsageMessage.EnvelopeBytes; message.Count < UsageMessage.MaxRecords && queue.TryPeek(out var next);)
        {
            bytes += 1 + next.Json.Length;
            if (message.Count > 0 && bytes > UsageMessage.MaxBytes) break;
            queue.TryRead(out _);
            message.Add(next);
        }
        return true;
    }
}
