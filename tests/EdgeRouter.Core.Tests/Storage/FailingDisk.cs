using EdgeRouter.Core.Storage.Embedded;
using Microsoft.Win32.SafeHandles;

namespace EdgeRouter.Core.Tests.Storage;

/// <summary>A disk whose operations can be made to fail, and whose flush can be made to wait.</summary>
internal sealed class FailingDisk : JournalDisk
{
    private TaskCompletionSource? reached;
    private TaskCompletionSource? blocked;

    /// <summary>Name of the operation that fails; null: none.</summary>
    public volatile string? Failing;

    public Task FlushReached => reached!.Task;

    public void BlockNextFlush()
    {
        reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref blocked, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    public void UnblockFlush() => blocked!.SetResult();

    public override SafeFileHandle Open(string path, FileMode mode)
    {
        Check(nameof(Open));
        return base.Open(path, mode);
    }

    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        if (Failing == nameof(Write)) base.Write(file, bytes[..(bytes.Length / 2)], offset);
        Check(nameof(Write));
        base.Write(file, bytes, offset);
    }

    public override void Flush(SafeFileHandle file)
    {
        if (reached is { Task.IsCompleted: false } && blocked is not null)
        {
            reached.SetResult();
            blocked.Task.Wait();
        }
        Check(nameof(Flush));
        base.Flush(file);
    }

    public override void Truncate(SafeFileHandle file, long length)
    {
        Check(nameof(Truncate));
        base.Truncate(file, length);
    }

    public override void Move(string from, string to)
    {
        Check(nameof(Move));
        base.Move(from, to);
    }

    private void Check(string operation)
    {
        if (Failing == operation) throw new IOException($"{operation} was made to fail");
    }
}
