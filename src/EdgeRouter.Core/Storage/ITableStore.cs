namespace EdgeRouter.Core.Storage;

/// <summary>
/// Durable rows with Table Storage's semantics and nothing more. Thread-safe. Tables are created at the first write. Failures of the store are thrown
/// as <see cref="StorageUnavailableException"/>; conflicts are results.
/// </summary>
public interface ITableStore
{
    /// <summary>Point read; null: no such row.</summary>
    ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default);

    /// <summary>Rows of one partition in ordinal order of their row keys, one page.</summary>
    /// <param name="table">Table.</param>
    /// <param name="partition">Partition.</param>
    /// <param name="range">Which row keys.</param>
    /// <param name="limit">Most rows in the page, 1 to 1000.</param>
    /// <param name="continuation">From the page before; null: first page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<TablePage> QueryAsync(string table, string partition, RowRange range, int limit = 1000, string? continuation = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies all changes or none. At most 100, each row at most once. When the task completes with <see cref="CommitStatus.Committed"/> the changes
    /// survive a crash of the process.
    /// </summary>
    ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes, CancellationToken cancellationToken = default);
}

/// <summary>A stored row.</summary>
/// <param name="Partition">Partition key.</param>
/// <param name="Row">Row key.</param>
/// <param name="ETag">Changes with every write of the row.</param>
/// <param name="Properties">Values: string, int, long, double, bool, <see cref="DateTimeOffset"/>, <see cref="Guid"/> or byte[].</param>
public sealed record TableRow(string Partition, string Row, string ETag, IReadOnlyDictionary<string, object> Properties);

/// <summary>A page of rows. <paramref name="Continuation"/> null: the last one.</summary>
public sealed record TablePage(IReadOnlyList<TableRow> Rows, string? Continuation);

/// <summary>
/// Row keys from <paramref name="From"/> (inclusive; null: the first) to <paramref name="To"/> (exclusive; null: the last), in ordinal order.
/// </summary>
public readonly record struct RowRange(string? From, string? To)
{
    /// <summary>Every row.</summary>
    public static readonly RowRange All;
}

/// <summary>What a <see cref="TableChange"/> does.</summary>
public enum TableChangeKind
{
    /// <summary>The row must not exist.</summary>
    Insert,

    /// <summary>The row must exist with the given ETag; all its properties are replaced.</summary>
    ReplaceIfMatch,

    /// <summary>Written whether or not it exists; all its properties are replaced.</summary>
    Upsert,

    /// <summary>Removed; with an ETag it must match, without one the row need not exist.</summary>
    Delete,
}

/// <summary>One change of a commit.</summary>
public sealed record TableChange(TableChangeKind Kind, string Row, string? ETag, IReadOnlyDictionary<string, object>? Properties)
{
    /// <summary>Insert.</summary>
    public static TableChange Insert(string row, IReadOnlyDictionary<string, object> properties) => new(TableChangeKind.Insert, row, null, properties);

    /// <summary>Replace if the ETag matches.</summary>
    public static TableChange ReplaceIfMatch(string row, string etag, IReadOnlyDictionary<string, object> properties) =>
        new(TableChangeKind.ReplaceIfMatch, row, etag, properties);

    /// <summary>Upsert.</summary>
    public static TableChange Upsert(string row, IReadOnlyDictionary<string, object> properties) => new(TableChangeKind.Upsert, row, null, properties);

    /// <summary>Delete.</summary>
    public static TableChange Delete(string row, string? etag = null) => new(TableChangeKind.Delete, row, etag, null);
}

/// <summary>Outcome of a commit.</summary>
public enum CommitStatus
{
    /// <summary>All changes are durable.</summary>
    Committed,

    /// <summary>
    /// An insert met an existing row, and nothing was changed; or this commit was already applied, its answer was lost, and the store retried it.
    /// Read the rows again to find out.
    /// </summary>
    AlreadyExists,

    /// <summary>A replace or delete met a missing row or another ETag; otherwise as <see cref="AlreadyExists"/>.</summary>
    Conflict,
}

/// <summary>Outcome of a commit.</summary>
/// <param name="Status">What happened.</param>
/// <param name="FailedIndex">Index of the first change that could not be applied; -1 when committed.</param>
/// <param name="ETags">New ETag of each change in order (null for deletes); empty unless committed.</param>
public sealed record CommitResult(CommitStatus Status, int FailedIndex, IReadOnlyList<string?> ETags);

/// <summary>The store cannot be used now. It is unknown whether the current commit was applied.</summary>
public sealed class StorageUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
