using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Usage;

/// <summary>Takes finished generation records on their way to the store. Thread-safe. Nothing accepted is ever lost.</summary>
public interface IUsageQueue
{
    /// <summary>Whether it takes records now. Cheap: asked at every request. A queue that says nothing always does.</summary>
    UsageQueueState State => default;

    /// <summary>
    /// Says that a record with this id is about to be enqueued: called before the last byte of an answer is sent, so that whoever has the answer and
    /// asks for its record waits for it.
    /// A queue whose readers are in other processes has nobody to tell.
    /// </summary>
    /// <param name="id">Id of the generation.</param>
    /// <param name="keyHash">Hash of the key whose usage it is: only those who ask for that key's usage wait.</param>
    void Announce(string id, string keyHash)
    {
    }

    /// <summary>The announced record will not come.</summary>
    void Withdraw(string id)
    {
    }

    /// <summary>Completes when the record was durably accepted. A full queue waits.</summary>
    ValueTask EnqueueAsync(GenerationRecord record, CancellationToken cancellationToken = default);
}
