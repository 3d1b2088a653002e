using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Usage;

/// <summary>Accepts finished generation records for the store. Thread-safe. No accepted record is lost.</summary>
public interface IUsageQueue
{
    /// <summary>
    /// Announces that a record with this id will be enqueued. Called before the last byte of an answer is sent, so that a caller who reads the record
    /// after the answer waits for it. A queue whose readers are in other processes does nothing.
    /// </summary>
    void Announce(string id)
    {
    }

    /// <summary>Completes when the record was durably accepted. A full queue waits.</summary>
    ValueTask EnqueueAsync(GenerationRecord record, CancellationToken cancellationToken = default);
}
