using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Core.Tests.Usage;

/// <summary>An inbox in memory that outlives the queue on it, whose additions can be made to fail or to wait.</summary>
internal sealed class FaultyInbox : IUsageInbox
{
    private readonly Lock gate = new();
    private readonly List<GenerationRecord> records = [];
    private TaskCompletionSource? reached;
    private TaskCompletionSource? blocked;

    /// <summary>While true, additions fail.</summary>
    public volatile bool Failing;

    /// <summary>Completes when an addition waits.</summary>
    public Task Reached => reached!.Task;

    public IReadOnlyList<GenerationRecord> TakePending()
    {
        lock (gate) return [.. records];
    }

    public void BlockNext()
    {
        reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref blocked, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    public void Unblock() => blocked!.SetResult();

    public async ValueTask AddAsync(IReadOnlyList<GenerationRecord> added)
    {
        if (Volatile.Read(ref blocked) is { } wait && !reached!.Task.IsCompleted)
        {
            reached.SetResult();
            await wait.Task;
        }
        if (Failing) throw new StorageUnavailableException("made to fail");
        lock (gate) records.AddRange(added);
    }

    public ValueTask RemoveAsync(int count)
    {
        lock (gate) records.RemoveRange(0, count);
        return ValueTask.CompletedTask;
    }
}
