using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Usage;

/// <summary>Takes finished generation records on their way to the store. Thread-safe. Nothing accepted is ever lost.</summary>
public interface IUsageQueue
{
    /// <summary>
    /// Says that a record with this id is about to be enqueued: called before the last byte of an answer is sent, so that whoever has the answer and
    /// asks for its record waits for it.
    /// A queue whose readers are in other processes has nobody to tell.
    /// </summary>
    void Announce(string id)
    {
    }

    /// <summary>Completes when the record was durably accepted. A full queue waits.</summary>
    ValueTask EnqueueAsync(GenerationRecord record, CancellationToken cancellationToken = default);
}
