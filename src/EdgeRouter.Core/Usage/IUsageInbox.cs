using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage;

/// <summary>
/// Holds generation records from their acceptance until they are counted, so that no accepted record is lost when the process crashes. Records leave
/// in the order in which they were added. A record may be returned although it was counted (the process crashed before it was removed); counting it
/// again changes nothing. One call of <see cref="AddAsync"/> and one of <see cref="RemoveAsync"/> at a time; the two may run at once.
/// </summary>
public interface IUsageInbox
{
    /// <summary>
    /// What an earlier process had accepted and not removed, oldest first. It still has to be removed. Called once, before anything is added.
    /// </summary>
    IReadOnlyList<GenerationRecord> TakePending();

    /// <summary>Completes when all records are as durable as the store. When it throws, none was added, and the call may be repeated.</summary>
    /// <param name="records">The records. Must not change until the task completes.</param>
    /// <exception cref="StorageUnavailableException">The inbox cannot be written now.</exception>
    ValueTask AddAsync(IReadOnlyList<GenerationRecord> records);

    /// <summary>Removes the oldest records. When it throws, none was removed, and the call may be repeated.</summary>
    /// <param name="count">How many; at most as many as there are.</param>
    /// <exception cref="StorageUnavailableException">The inbox cannot be written now.</exception>
    ValueTask RemoveAsync(int count);
}
