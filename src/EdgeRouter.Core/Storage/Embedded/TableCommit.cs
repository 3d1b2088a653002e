namespace EdgeRouter.Core.Storage.Embedded;

/// <summary>A commit after it was checked, with its properties encoded: nothing that the caller does afterwards changes it.</summary>
internal sealed class TableCommit
{
    [ThreadStatic]
    private static ByteWriter? scratch;

    private TableCommit(PartitionName partition, PreparedChange[] changes, long size)
    {
        Partition = partition;
        Changes = changes;
        Size = size;
    }

    public PartitionName Partition { get; }

    public PreparedChange[] Changes { get; }

    /// <summary>Bytes of the encoded properties.</summary>
    public long Size { get; }

    /// <summary>Checks and encodes. Throws <see cref="ArgumentException"/>.</summary>
    public static TableCommit Prepare(PartitionName partition, IReadOnlyList<TableChange> changes)
    {
        TableLimits.CheckCommit(partition.Table, partition.Partition, changes);
        scratch ??= new ByteWriter();
        var prepared = new PreparedChange[changes.Count];
        long size = 0;
        for (var i = 0; i < prepared.Length; i++)
        {
            var change = changes[i];
            prepared[i] = new PreparedChange(
                change.Kind,
                change.Row,
                change.ETag is null ? null : StoredRow.VersionOf(change.ETag),
                change.Kind == TableChangeKind.Delete ? null : PropertyEncoding.Encode(change.Properties!, scratch));
            size += prepared[i].Properties?.Length ?? 0;
        }
        return new TableCommit(partition, prepared, size);
    }
}

/// <summary>One change: <paramref name="Version"/> is that of the given ETag, <paramref name="Properties"/> null for deletes.</summary>
internal readonly record struct PreparedChange(TableChangeKind Kind, string Row, long? Version, byte[]? Properties);
