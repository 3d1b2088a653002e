using EdgeRouter.Core.Storage;

namespace EdgeRouter.EmbeddedStore.Rows;

/// <summary>Table, in lower case because Table Storage compares names of tables without regard to case, and partition.</summary>
internal readonly record struct PartitionName(string Table, string Partition)
{
    /// <exception cref="ArgumentException">One of them is not permitted.</exception>
    public static PartitionName Of(string table, string partition)
    {
        TableLimits.CheckTable(table);
        TableLimits.CheckKey(partition, nameof(partition));
        return new PartitionName(table.ToLowerInvariant(), partition);
    }
}
