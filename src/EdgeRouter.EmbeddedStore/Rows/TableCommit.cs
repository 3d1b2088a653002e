using System.Buffers;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.EmbeddedStore.Rows;

/// <summary>
/// A commit after it was checked, with its properties encoded: nothing that the caller does afterwards changes it. Disposing returns their memory; by
/// the code that applies it, and they are not read afterwards.
/// </summary>
internal sealed class TableCommit : IDisposable
{
    [ThreadStatic]
    private static ByteWriter? scratch;

    private byte[]? values;

    private TableCommit(PartitionName partition, PreparedChange[] changes, ReadOnlySpan<byte> values)
    {
        Partition = partition;
        Changes = changes;
        Size = values.Length;
        this.values = ArrayPool<byte>.Shared.Rent(Size);
        values.CopyTo(this.values);
    }

    public PartitionName Partition { get; }

    public PreparedChange[] Changes { get; }

    /// <summary>Bytes of the encoded properties.</summary>
    public int Size { get; }

    /// <summary>What a change stores: checksum and properties.</summary>
    /// <exception cref="ObjectDisposedException">The memory was returned.</exception>
    public ReadOnlySpan<byte> ValueOf(in PreparedChange change) =>
        (values ?? throw new ObjectDisposedException(nameof(TableCommit))).AsSpan(change.Offset, change.Length);

    /// <summary>Returns the memory.</summary>
    public void Dispose()
    {
        if (values is null) return;
        ArrayPool<byte>.Shared.Return(values);
        values = null;
    }

    /// <summary>Checks and encodes. Throws <see cref="ArgumentException"/>.</summary>
    public static TableCommit Prepare(PartitionName partition, IReadOnlyList<TableChange> changes)
    {
        TableLimits.CheckCommit(partition.Table, partition.Partition, changes);
        scratch ??= new ByteWriter();
        scratch.Clear();
        var prepared = new PreparedChange[changes.Count];
        for (var i = 0; i < prepared.Length; i++)
        {
            var change = changes[i];
            var offset = scratch.Length;
            if (change.Kind != TableChangeKind.Delete) PropertyEncoding.Write(scratch, change.Properties!, Checksum.OwnerOf(partition, change.Row));
            long? version = change.ETag is null ? null : RowVersion.Parse(change.ETag);
            prepared[i] = new PreparedChange(change.Kind, change.Row, version, offset, scratch.Length - offset);
        }
        return new TableCommit(partition, prepared, scratch.Written);
    }
}

/// <summary>One change: <paramref name="Version"/> is that of the given ETag; what it stores is at an offset of the commit.</summary>
internal readonly record struct PreparedChange(TableChangeKind Kind, string Row, long? Version, int Offset, int Length);
