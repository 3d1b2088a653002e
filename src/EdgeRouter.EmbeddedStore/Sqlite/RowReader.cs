using System.Text;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Rows;

namespace EdgeRouter.EmbeddedStore.Sqlite;

/// <summary>Reads rows on a connection of its own, as they were after some whole group of commits. Not thread-safe.</summary>
internal sealed class RowReader(Database database) : IDisposable
{
    /// <summary>A page takes no further row from here on, as in Table Storage.</summary>
    private const int FullPage = 4 * 1024 * 1024;

    // Greater than every key: no UTF-8 has this byte.
    private static readonly byte[] AfterLast = [0xFF];

    private readonly byte[] scratch = new byte[KeyText.MaxBytes(TableLimits.MaxKeyLength + 1)];
    private readonly Statement get = database.Prepare("SELECT version, data FROM rows WHERE tab = ?1 AND part = ?2 AND key = ?3");
    private readonly Statement query = database.Prepare(
        "SELECT key, version, data FROM rows WHERE tab = ?1 AND part = ?2 AND key >= ?3 AND key < ?4 ORDER BY key");

    public TableRow? Get(PartitionName name, string row)
    {
        try
        {
            Bind(get, name);
            BindKey(get, 3, row);
            return get.Step() ? ToRow(name, row, get.Int64(0), get.Bytes(1)) : null;
        }
        finally
        {
            get.Reset();
        }
    }

    public TablePage Query(PartitionName name, RowRange range, int limit, string? continuation)
    {
        // The continuation is the last key of the page before: rows deleted or inserted since do not matter.
        var from = continuation is null ? range.From : continuation + '\0';
        if (range.From is not null && string.CompareOrdinal(from, range.From) < 0) from = range.From;
        try
        {
            Bind(query, name);
            BindKey(query, 3, from ?? "");
            if (range.To is null) query.BindText(4, AfterLast);
            else BindKey(query, 4, range.To);
            var rows = new List<TableRow>();
            for (var bytes = 0; query.Step();)
            {
                if (rows.Count == limit || bytes >= FullPage) return new TablePage(rows, rows[^1].Row);
                var data = query.Bytes(2);
                bytes += data.Length;
                rows.Add(ToRow(name, KeyText.Read(query.Bytes(0)), query.Int64(1), data));
            }
            return new TablePage(rows, null);
        }
        finally
        {
            query.Reset();
        }
    }

    public void Dispose() => database.Dispose();

    private static TableRow ToRow(PartitionName name, string row, long version, ReadOnlySpan<byte> data) =>
        new(name.Partition, row, RowVersion.ToETag(version), PropertyEncoding.Read(data, Checksum.OwnerOf(name, row)));

    private void Bind(Statement statement, PartitionName name)
    {
        statement.BindText(1, scratch.AsSpan(0, Encoding.UTF8.GetBytes(name.Table, scratch)));
        BindKey(statement, 2, name.Partition);
    }

    // The bounds of a range may be longer than a key.
    private void BindKey(Statement statement, int parameter, string key)
    {
        var bytes = KeyText.MaxBytes(key.Length) <= scratch.Length ? scratch : new byte[KeyText.MaxBytes(key.Length)];
        statement.BindText(parameter, bytes.AsSpan(0, KeyText.Write(key, bytes)));
    }
}
