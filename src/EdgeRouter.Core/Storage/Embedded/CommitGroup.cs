namespace EdgeRouter.Core.Storage.Embedded;

/// <summary>
/// Commits that become durable together. Each is judged against the rows in memory as the earlier commits of the group will leave them; memory itself
/// changes only when <see cref="Apply"/> is called, after the group is durable. Used by one thread, for one group after the other.
/// </summary>
internal sealed class CommitGroup(RowIndex rows)
{
    /// <summary>Changes that memory is kept for between groups.</summary>
    private const int MaxKept = 4096;
    private readonly Dictionary<(PartitionName, string), StoredRow?> ahead = [];
    private readonly List<RowEffect> effects = [];

    /// <summary>What the accepted commits do, in order.</summary>
    public List<RowEffect> Effects => effects;

    /// <summary>Accepts the commit into the group, or says why not.</summary>
    public CommitResult Judge(TableCommit commit)
    {
        for (var i = 0; i < commit.Changes.Length; i++)
        {
            var status = Judge(commit.Changes[i], Find(commit.Partition, commit.Changes[i].Row));
            if (status != CommitStatus.Committed) return new CommitResult(status, i, []);
        }
        var etags = new string?[commit.Changes.Length];
        for (var i = 0; i < etags.Length; i++)
        {
            var change = commit.Changes[i];
            var after = change.Properties is null ? null : new StoredRow(change.Row, rows.NextVersion(), change.Properties);
            ahead[(commit.Partition, change.Row)] = after;
            effects.Add(new RowEffect(commit.Partition, change.Row, after));
            etags[i] = after is null ? null : StoredRow.ETagOf(after.Version);
        }
        return new CommitResult(CommitStatus.Committed, -1, etags);
    }

    /// <summary>Makes the group visible.</summary>
    public void Apply() => rows.Apply(effects);

    /// <summary>Begins the next group.</summary>
    public void Clear()
    {
        ahead.Clear();
        effects.Clear();
        if (ahead.Capacity > MaxKept) ahead.TrimExcess(MaxKept);
        if (effects.Capacity > MaxKept) effects.Capacity = MaxKept;
    }

    private StoredRow? Find(PartitionName partition, string row) => ahead.TryGetValue((partition, row), out var found) ? found : rows.Find(partition, row);

    private static CommitStatus Judge(in PreparedChange change, StoredRow? current)
    {
        if (change.Kind == TableChangeKind.Insert) return current is null ? CommitStatus.Committed : CommitStatus.AlreadyExists;
        var conditional = change.Kind == TableChangeKind.ReplaceIfMatch || (change.Kind == TableChangeKind.Delete && change.Version is not null);
        return !conditional || current?.Version == change.Version ? CommitStatus.Committed : CommitStatus.Conflict;
    }
}
