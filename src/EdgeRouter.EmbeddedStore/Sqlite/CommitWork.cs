using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Rows;

namespace EdgeRouter.EmbeddedStore.Sqlite;

/// <summary>A commit that waits for the writer, who disposes it; the task completes with its result.</summary>
internal sealed class CommitWork(TableCommit commit, RowWriter rows) : TaskCompletionSource<CommitResult>(TaskCreationOptions.RunContinuationsAsynchronously),
    IWriteWork
{
    private CommitResult? result;

    public int Size => commit.Size;

    public void Apply() => result = rows.Apply(commit);

    public void Succeed()
    {
        commit.Dispose();
        SetResult(result!);
    }

    // A conflict fails too: it may have been with a commit of the group that did not happen.
    public void Fail(StorageUnavailableException failure)
    {
        commit.Dispose();
        SetException(failure);
    }
}
