using EdgeRouter.Core.Storage.Embedded;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Core.Storage;

/// <summary>
/// The table store inside the process: all rows in memory, and, when opened on a folder, a journal from which the next start reads them back.
/// Thread-safe; reads take no lock.
/// A commit is visible and acknowledged only after it is durable. If the journal cannot be written the commit fails with
/// <see cref="StorageUnavailableException"/>, nothing of it is visible, and later commits try again.
/// </summary>
public sealed class EmbeddedTableStore : ITableStore, IAsyncDisposable
{
    private readonly RowIndex rows;
    private readonly Lock memoryOnly = new();
    private readonly CommitGroup memoryGroup;
    private readonly GroupCommitter? committer;
    private readonly JournalFile? journal;
    private readonly FolderLock? folderLock;
    private readonly Func<UsageInbox> openInbox;

    private EmbeddedTableStore(RowIndex rows, GroupCommitter? committer, JournalFile? journal, FolderLock? folderLock, RecoveryReport recovery,
        Func<UsageInbox> openInbox)
    {
        this.openInbox = openInbox;
        this.rows = rows;
        memoryGroup = new CommitGroup(rows);
        this.committer = committer;
        this.journal = journal;
        this.folderLock = folderLock;
        Recovery = recovery;
    }

    /// <summary>What opening found.</summary>
    public RecoveryReport Recovery { get; }

    /// <summary>Why the last attempt to compact the journal failed; null: none did. Nothing is lost by it but space.</summary>
    public Exception? LastCompactionError => committer?.LastCompactionError;

    /// <summary>A store that forgets everything with the process. Its tasks are always complete.</summary>
    public static EmbeddedTableStore InMemory() => new(new RowIndex(), null, null, null, RecoveryReport.Empty, UsageInbox.InMemory);

    /// <summary>Opens the folder's journal and reads it back, making both when missing.</summary>
    /// <exception cref="StorageUnavailableException">Another process has the folder, or it cannot be read or written.</exception>
    /// <exception cref="JournalCorruptException">The middle of the journal is damaged and <see cref="EmbeddedStoreOptions.AcceptCorruption"/> is not
    /// set.</exception>
    public static EmbeddedTableStore Open(EmbeddedStoreOptions options) => Open(options, new JournalDisk());

    /// <inheritdoc/>
    public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = Name(table, partition);
        TableLimits.CheckKey(row, nameof(row));
        return new(rows.Find(name, row)?.ToTableRow(partition));
    }

    /// <inheritdoc/>
    public ValueTask<TablePage> QueryAsync(
        string table, string partition, RowRange range, int limit = 1000, string? continuation = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TableLimits.CheckPage(limit);
        return new(rows.Page(Name(table, partition), range, limit, continuation));
    }

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var commit = TableCommit.Prepare(Name(table, partition), changes);
        if (committer is not null) return committer.CommitAsync(commit, cancellationToken);
        lock (memoryOnly)
        {
            memoryGroup.Clear();
            var result = memoryGroup.Judge(commit);
            memoryGroup.Apply();
            return new(result);
        }
    }

    /// <summary>
    /// Finishes the commits that are queued, then closes the journal and frees the folder. Later commits throw
    /// <see cref="StorageUnavailableException"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (committer is not null) await committer.DisposeAsync();
        journal?.Dispose();
        folderLock?.Dispose();
    }

    /// <summary>Opens the inbox of this store's folder, as durable as the store. Once; it must be closed before the store is.</summary>
    internal UsageInbox OpenInbox() => openInbox();

    internal static EmbeddedTableStore Open(EmbeddedStoreOptions options, JournalDisk disk)
    {
        if (options.QueueCapacity < 1) throw new ArgumentException($"QueueCapacity is {options.QueueCapacity}; at least 1 is needed.", nameof(options));
        if (options.MaxJournalBytes < 1) throw new ArgumentException($"MaxJournalBytes is {options.MaxJournalBytes}; at least 1 is needed.", nameof(options));
        var taken = FolderLock.Take(options.Folder);
        JournalFile? file = null;
        try
        {
            var path = Path.Combine(options.Folder, "journal");
            file = new JournalFile(path, options.FlushToDisk, disk);
            var index = new RowIndex();
            var recovery = ReadBack(file, path, options.AcceptCorruption, index);
            return new EmbeddedTableStore(index, new GroupCommitter(index, file, options), file, taken, recovery, () => UsageInbox.Open(options, disk));
        }
        catch (Exception error)
        {
            file?.Dispose();
            taken.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw new StorageUnavailableException($"The journal in '{options.Folder}' cannot be opened: {error.Message}", error);
            throw;
        }
    }

    private static RecoveryReport ReadBack(JournalFile file, string path, bool acceptCorruption, RowIndex index)
    {
        var report = JournalRecovery.Run(file, path, acceptCorruption, payload => index.Restore(JournalPayload.Read(payload)), out var lastVersion);
        index.Saw(lastVersion);
        if (report.Lost.Count > 0) file.Replace(index.All(), index.LastVersion);
        return report;
    }

    // Table Storage tells tables apart without regard to case.
    private static PartitionName Name(string table, string partition)
    {
        TableLimits.CheckTable(table);
        TableLimits.CheckKey(partition, nameof(partition));
        return new PartitionName(table.ToLowerInvariant(), partition);
    }
}
