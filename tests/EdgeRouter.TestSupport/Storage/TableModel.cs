using EdgeRouter.Core.Storage;

namespace EdgeRouter.TestSupport.Storage;

/// <summary>One partition as the contract describes it, written as plainly as possible; and random commits that often conflict with it.</summary>
internal sealed class TableModel
{
    private readonly List<string> etags = [];
    private SortedDictionary<string, (int Value, string ETag)> rows = new(StringComparer.Ordinal);
    private SortedDictionary<string, (int Value, string ETag)> before = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, (int Value, string ETag)> Rows => rows;

    public TableChange[] DrawChanges(Random random)
    {
        var keys = Enumerable.Range(0, 12).Select(number => $"row{number}").OrderBy(_ => random.Next()).Take(random.Next(1, 5));
        return [.. keys.Select(key => Draw(random, key))];
    }

    /// <summary>What the commit must result in. Takes effect when it succeeds; the ETags follow by <see cref="Remember"/>.</summary>
    public (CommitStatus Status, int FailedIndex) Apply(TableChange[] changes)
    {
        before = new(rows, StringComparer.Ordinal);
        for (var i = 0; i < changes.Length; i++)
        {
            var change = changes[i];
            var exists = rows.TryGetValue(change.Row, out var row);
            var failure = change switch
            {
                { Kind: TableChangeKind.Insert } when exists => CommitStatus.AlreadyExists,
                { Kind: TableChangeKind.ReplaceIfMatch } when !exists || row.ETag != change.ETag => CommitStatus.Conflict,
                { Kind: TableChangeKind.Delete, ETag: not null } when !exists || row.ETag != change.ETag => CommitStatus.Conflict,
                _ => CommitStatus.Committed,
            };
            if (failure != CommitStatus.Committed)
            {
                rows = before;
                return (failure, i);
            }
            if (change.Kind == TableChangeKind.Delete) rows.Remove(change.Row);
            else rows[change.Row] = ((int)change.Properties!["Value"], "");
        }
        return (CommitStatus.Committed, -1);
    }

    public void Remember(TableChange[] changes, CommitResult result)
    {
        if (result.Status != CommitStatus.Committed) return;
        for (var i = 0; i < changes.Length; i++)
        {
            if (result.ETags[i] is not { } etag) continue;
            rows[changes[i].Row] = rows[changes[i].Row] with { ETag = etag };
            etags.Add(etag);
        }
    }

    private TableChange Draw(Random random, string key)
    {
        var properties = new Dictionary<string, object> { ["Value"] = random.Next() };
        if (etags.Count == 0) return TableChange.Insert(key, properties);
        // Half of the time the right ETag, else one that was right once.
        var etag = rows.TryGetValue(key, out var row) && random.Next(2) == 0 ? row.ETag : etags[random.Next(etags.Count)];
        return random.Next(5) switch
        {
            0 => TableChange.Insert(key, properties),
            1 => TableChange.ReplaceIfMatch(key, etag, properties),
            2 => TableChange.Upsert(key, properties),
            3 => TableChange.Delete(key),
            _ => TableChange.Delete(key, etag),
        };
    }
}
