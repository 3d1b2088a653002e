using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Storage;

/// <summary>
/// Records that were accepted and are not counted yet, kept in a table of the process's own store: a record in it survives the death of the process. One row each, partition
/// <c>pending</c> of table <c>usageinbox</c>; adding and removing again changes nothing. Thread-safe.
/// </summary>
public sealed class UsageInbox(ITableStore store)
{
    private const string Table = "usageinbox";
    private const string Partition = "pending";
    private const string Json = "Json";

    /// <summary>Makes the records durable. At most <see cref="TableLimits.MaxChanges"/>.</summary>
    public async ValueTask AddAsync(IReadOnlyList<GenerationRecord> records, CancellationToken cancellationToken = default)
    {
        var changes = new TableChange[records.Count];
        for (var i = 0; i < changes.Length; i++)
            changes[i] = TableChange.Upsert(records[i].Id, new Dictionary<string, object>(1, StringComparer.Ordinal) { [Json] = GenerationRecordJson.Encode(records[i]) });
        await store.CommitAsync(Table, Partition, changes, cancellationToken);
    }

    /// <summary>Forgets records that were counted.</summary>
    public async ValueTask RemoveAsync(IReadOnlyList<GenerationRecord> records, CancellationToken cancellationToken = default)
    {
        foreach (var chunk in records.Select(record => record.Id).Distinct(StringComparer.Ordinal).Chunk(TableLimits.MaxChanges))
            await store.CommitAsync(Table, Partition, Array.ConvertAll(chunk, static id => TableChange.Delete(id)), cancellationToken);
    }

    /// <summary>Every record in it, oldest first.</summary>
    public async Task<List<GenerationRecord>> ReadAllAsync(CancellationToken cancellationToken = default)
    {
        var records = new List<GenerationRecord>();
        string? continuation = null;
        do
        {
            var page = await store.QueryAsync(Table, Partition, RowRange.All, continuation: continuation, cancellationToken: cancellationToken);
            foreach (var row in page.Rows) records.Add(GenerationRecordJson.Decode((byte[])row.Properties[Json]));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return records;
    }
}
