using System.Runtime.CompilerServices;

namespace EdgeRouter.Core.Storage;

/// <summary>Reads ranges of any length. Stateless.</summary>
public static class TableReading
{
    /// <summary>Every row of a range, in ordinal order, page by page: concurrent writes may be included or not, row by row.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now.</exception>
    public static async IAsyncEnumerable<TableRow> ReadAllAsync(this ITableStore store, string table, string partition, RowRange range,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? continuation = null;
        do
        {
            var page = await store.QueryAsync(table, partition, range, continuation: continuation, cancellationToken: cancellationToken);
            foreach (var row in page.Rows) yield return row;
            continuation = page.Continuation;
        }
        while (continuation is not null);
    }
}
