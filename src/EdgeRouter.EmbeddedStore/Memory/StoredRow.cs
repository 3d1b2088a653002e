using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Rows;

namespace EdgeRouter.EmbeddedStore.Memory;

/// <summary>A row in memory: key, version (its ETag) and properties as <see cref="PropertyEncoding"/> writes them. Immutable.</summary>
internal sealed class StoredRow(string key, long version, byte[] properties)
{
    /// <summary>Ordinal order of keys.</summary>
    public static readonly IComparer<StoredRow> ByKey = Comparer<StoredRow>.Create(static (left, right) => string.CompareOrdinal(left.Key, right.Key));

    public string Key => key;

    public long Version => version;

    /// <summary>Stands for a key in searches.</summary>
    public static StoredRow Named(string key) => new(key, 0, []);

    public TableRow ToTableRow(PartitionName name) =>
        new(name.Partition, key, RowVersion.ToETag(version), PropertyEncoding.Read(properties, Checksum.OwnerOf(name, key)));
}
