using System.Text;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Rows;

namespace EdgeRouter.EmbeddedStore.Sqlite;

/// <summary>
/// Applies commits inside an open transaction, each on the rows as the ones before leave them. A commit that meets a conflict leaves no trace, and the
/// transaction continues. Not thread-safe.
/// </summary>
internal sealed class RowWriter(Database database, long versionBefore)
{
    private readonly byte[] table = new byte[KeyText.MaxBytes(TableLimits.MaxKeyLength)];
    private readonly byte[] partition = new byte[KeyText.MaxBytes(TableLimits.MaxKeyLength)];
    private readonly byte[] key = new byte[KeyText.MaxBytes(TableLimits.MaxKeyLength)];
    private readonly Statement insert = database.Prepare(
        "INSERT INTO rows (tab, part, key, version, data) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (tab, part, key) DO NOTHING");
    private readonly Statement upsert = database.Prepare(
        "INSERT INTO rows (tab, part, key, version, data) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (tab, part, key) DO UPDATE SET version = ?4, data = ?5");
    private readonly Statement replace = database.Prepare(
        "UPDATE rows SET version = ?4, data = ?5 WHERE tab = ?1 AND part = ?2 AND key = ?3 AND version = ?6");
    private readonly Statement delete = database.Prepare("DELETE FROM rows WHERE tab = ?1 AND part = ?2 AND key = ?3");
    private readonly Statement deleteVersion = database.Prepare("DELETE FROM rows WHERE tab = ?1 AND part = ?2 AND key = ?3 AND version = ?4");
    private readonly Statement savepoint = database.Prepare("SAVEPOINT one");
    private readonly Statement undo = database.Prepare("ROLLBACK TO one");
    private readonly Statement release = database.Prepare("RELEASE one");
    private long lastVersion = versionBefore;

    /// <summary>Applies all changes or none.</summary>
    public CommitResult Apply(TableCommit commit)
    {
        var tableBytes = table.AsSpan(0, Encoding.UTF8.GetBytes(commit.Partition.Table, table));
        var partitionBytes = partition.AsSpan(0, KeyText.Write(commit.Partition.Partition, partition));
        // A single change that is refused has changed nothing.
        var isUndoable = commit.Changes.Length > 1;
        if (isUndoable) savepoint.Run();
        var etags = new string?[commit.Changes.Length];
        var result = CommitStatus.Committed;
        var index = 0;
        for (; index < etags.Length; index++)
        {
            result = Apply(commit, commit.Changes[index], tableBytes, partitionBytes, out etags[index]);
            if (result != CommitStatus.Committed) break;
        }
        if (isUndoable && result != CommitStatus.Committed) undo.Run();
        if (isUndoable) release.Run();
        return result == CommitStatus.Committed ? new CommitResult(result, -1, etags) : new CommitResult(result, index, []);
    }

    private CommitStatus Apply(TableCommit commit, in PreparedChange change, ReadOnlySpan<byte> tableBytes, ReadOnlySpan<byte> partitionBytes, out string? etag)
    {
        etag = null;
        var statement = StatementOf(change);
        statement.BindText(1, tableBytes).BindText(2, partitionBytes).BindText(3, key.AsSpan(0, KeyText.Write(change.Row, key)));
        if (change.Kind == TableChangeKind.Delete)
        {
            if (change.Version is { } deleted) statement.Bind(4, deleted);
            return statement.Run() > 0 || change.Version is null ? CommitStatus.Committed : CommitStatus.Conflict;
        }
        var version = ++lastVersion;
        statement.Bind(4, version).BindBlob(5, commit.ValueOf(change));
        if (change.Kind == TableChangeKind.ReplaceIfMatch) statement.Bind(6, change.Version!.Value);
        if (statement.Run() == 0) return change.Kind == TableChangeKind.Insert ? CommitStatus.AlreadyExists : CommitStatus.Conflict;
        etag = RowVersion.ToETag(version);
        return CommitStatus.Committed;
    }

    private Statement StatementOf(in PreparedChange change) => change.Kind switch
    {
        TableChangeKind.Insert => insert,
        TableChangeKind.ReplaceIfMatch => replace,
        TableChangeKind.Upsert => upsert,
        _ => change.Version is null ? delete : deleteVersion,
    };
}
