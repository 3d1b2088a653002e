using System.Globalization;

namespace EdgeRouter.Core.Storage.Embedded;

/// <summary>Table (lower case) and partition.</summary>
internal readonly record struct PartitionName(string Table, string Partition);

/// <summary>A row in memory: key, version (its ETag) and properties as <see cref="PropertyEncoding"/> writes them. Immutable.</summary>
internal sealed class StoredRow(string key, long version, byte[] properties)
{
    /// <summary>Ordinal order of keys.</summary>
    public static readonly IComparer<StoredRow> ByKey = Comparer<StoredRow>.Create(static (left, right) => string.CompareOrdinal(left.Key, right.Key));

    public string Key => key;

    public long Version => version;

    public byte[] Properties => properties;

    public static string ETagOf(long version) => version.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>The version that an ETag names; -1, which no row has: not an ETag of this store.</summary>
    public static long VersionOf(string etag) => long.TryParse(etag, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var version)
        ? version : -1;

    public TableRow ToTableRow(string partition) => new(partition, key, ETagOf(version), PropertyEncoding.Decode(properties));
}

/// <summary>What a commit does to a row. <paramref name="After"/> null: it is gone.</summary>
internal readonly record struct RowEffect(PartitionName Partition, string Row, StoredRow? After);
