using System.Threading.Tasks.Sources;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Sqlite;

namespace EdgeRouter.EmbeddedStore.Inbox;

/// <summary>A change of the inbox, used again for the next one: one is in progress at a time, and none costs an allocation.</summary>
internal abstract class InboxWork : IWriteWork, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> done = new() { RunContinuationsAsynchronously = true };

    public abstract int Size { get; }

    /// <summary>Hands it to the writer.</summary>
    public ValueTask StartAsync(GroupWriter writer)
    {
        done.Reset();
        var posted = writer.PostAsync(this, CancellationToken.None);
        return posted.IsCompletedSuccessfully ? new ValueTask(this, done.Version) : WaitAsync(posted);
    }

    public abstract void Apply();

    public virtual void Succeed() => done.SetResult(true);

    public void Fail(StorageUnavailableException failure) => done.SetException(failure);

    void IValueTaskSource.GetResult(short token) => done.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => done.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        done.OnCompleted(continuation, state, token, flags);

    private async ValueTask WaitAsync(ValueTask posted)
    {
        await posted;
        await new ValueTask(this, done.Version);
    }
}
