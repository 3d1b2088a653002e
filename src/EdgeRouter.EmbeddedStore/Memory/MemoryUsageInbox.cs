using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.EmbeddedStore.Memory;

/// <summary>An inbox that forgets everything with the process, like the store beside it. Thread-safe.</summary>
public sealed class MemoryUsageInbox : IUsageInbox
{
    /// <inheritdoc/>
    public IReadOnlyList<GenerationRecord> TakePending() => [];

    /// <inheritdoc/>
    public ValueTask AddAsync(IReadOnlyList<GenerationRecord> records) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask RemoveAsync(int count) => ValueTask.CompletedTask;
}
