using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Storage;

/// <summary>Takes finished generation records on their way to the store (design section 4). Thread-safe. Nothing accepted is ever lost.</summary>
public interface IUsageQueue
{
    /// <summary>Completes when the record was durably accepted. A full queue waits.</summary>
    ValueTask EnqueueAsync(GenerationRecord record, CancellationToken cancellationToken = default);
}
