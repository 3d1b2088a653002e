using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Usage;

/// <summary>Accepts finished generation records for the store. Thread-safe. No accepted record is lost.</summary>
public interface IUsageQueue
{
    /// <summary>Whether it takes records now. Cheap: asked at every request. A queue that says nothing always does.</summary>
    UsageQueueState State => default;

    /// <summary>
    /// Announces that a record with this id will be enqueued. Called before the last byte of an answer is sent, so that a caller who reads the record
    /// after the answer waits for it. A queue whose readers are in other processes does nothing.
    /// </summary>
    /// <param name="id">Id of the generation.</param>
    /// <param name="keyHash">Hash of its key: only readers of that key's usage wait.</param>
    void Announce(string id, string keyHash)
    {
    }

    /// <summary>The announced record will not be enqueued.</summary>
    void Withdraw(string id)
    {
    }

    /// <summary>Completes when the record was durably accepted. A full queue waits.</summary>
    ValueTask EnqueueAsync(GenerationRecord record, CancellationToken cancellationToken = default);
}
