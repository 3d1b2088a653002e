using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Memory;

namespace EdgeRouter.Core.Tests.Usage;

/// <summary>A store whose commits can be made to wait or to fail.</summary>
internal sealed class GatedStore(MemoryTableStore inner) : ITableStore
{
    private TaskCompletionSource gate = Opened();
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MemoryTableStore Inner => inner;

    /// <summary>Completes when a commit waits at the closed gate.</summary>
    public Task Reached => reached.Task;

    /// <summary>While true, commits fail.</summary>
    public bool Failing { get; set; }

    public void Close() => gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => gate.TrySetResult();

    public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default) =>
        inner.GetAsync(table, partition, row, cancellationToken);

    public ValueTask<TablePage> QueryAsync(string table, string partition, RowRange range, int limit = 1000, string? continuation = null,
        CancellationToken cancellationToken = default) =>
        inner.QueryAsync(table, partition, range, limit, continuation, cancellationToken);

    public async ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
        CancellationToken cancellationToken = default)
    {
        if (!gate.Task.IsCompleted) reached.TrySetResult();
        await gate.Task.WaitAsync(cancellationToken);
        if (Failing) throw new StorageUnavailableException("made to fail");
        return await inner.CommitAsync(table, partition, changes, cancellationToken);
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }
}
