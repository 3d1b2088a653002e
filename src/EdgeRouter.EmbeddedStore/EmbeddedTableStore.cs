using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Files;
using EdgeRouter.EmbeddedStore.Inbox;
using EdgeRouter.EmbeddedStore.Rows;
using EdgeRouter.EmbeddedStore.Sqlite;

namespace EdgeRouter.EmbeddedStore;

/// <summary>
/// The table store in a SQLite file, and the usage inbox beside it. Memory does not grow with the number of rows. Commits are written in groups by one
/// thread; reads run beside it, on the caller's thread, and see whole groups.
/// A commit is visible and acknowledged only after it is durable. If the file cannot be written, the commit fails with
/// <see cref="StorageUnavailableException"/>, nothing of it is visible, and later commits try again. Thread-safe.
/// </summary>
public sealed class EmbeddedTableStore : ITableStore, IAsyncDisposable
{
    private readonly string path;
    private readonly FolderLock folder;
    private readonly RowWriter rows;
    private readonly ReaderPool readers;

    private EmbeddedTableStore(EmbeddedStoreOptions options, FolderLock folder, Database database)
    {
        this.folder = folder;
        path = database.Path;
        Warnings = IsOpenToAll(options.Folder)
            ? [$"Every user of this machine may write in the storage folder '{options.Folder}', and so replace the store: take that right away (chmod o-w)."]
            : [];
        var session = database.Prepare("UPDATE session SET number = number + 1 RETURNING number").RunNumber()
            ?? throw new InvalidDataException("its table 'session' is empty");
        rows = new RowWriter(database, RowVersion.Before(session));
        Writer = new GroupWriter(database, options.QueueCapacity);
        Inbox = new SqliteUsageInbox(database, Writer);
        // Half of the cache is the writer's.
        var cache = options.CacheBytes / 2 / options.Readers;
        readers = new ReaderPool(() => Database.OpenReader(path, cache, options.MappedBytes), options.Readers);
        Writer.Start();
    }

    /// <summary>The usage inbox in the same file, as durable as the store, and closed with it.</summary>
    public IUsageInbox Inbox { get; }

    /// <summary>What its operator should mend, a line each; for the log.</summary>
    public IReadOnlyList<string> Warnings { get; }

    internal GroupWriter Writer { get; }

    /// <summary>Whether every user of the machine may add, rename and delete files in a folder, and so replace a store in it.</summary>
    public static bool IsOpenToAll(string folder) => PrivateFiles.IsOpenToAll(folder);

    /// <summary>Whether a folder has a store, or what may be a part of one.</summary>
    public static bool IsIn(string folder) => StoreFile.IsIn(folder);

    /// <summary>Opens the store of a folder, making both when missing. Takes milliseconds, however many rows there are.</summary>
    /// <exception cref="StorageUnavailableException">Another process has the folder, or it cannot be read or written.</exception>
    /// <exception cref="StoreRefusedException">The file is damaged, of an earlier format, or a symbolic link.</exception>
    public static EmbeddedTableStore Open(EmbeddedStoreOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.QueueCapacity, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Readers, 1, nameof(options));
        var taken = FolderLock.Take(options.Folder);
        var file = StoreFile.PathIn(options.Folder);
        Database? database = null;
        try
        {
            StoreFile.Ensure(options.Folder, Database.Create);
            database = Database.OpenWriter(file, options.FlushToDisk, options.CacheBytes / 2, options.MappedBytes, options.MaxFileBytes);
            return new EmbeddedTableStore(options, taken, database);
        }
        catch (Exception error)
        {
            database?.Dispose();
            taken.Dispose();
            if (error is SqliteException or IOException or UnauthorizedAccessException or InvalidDataException) throw SqliteFault.Unopened(file, error);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = PartitionName.Of(table, partition);
        TableLimits.CheckKey(row, nameof(row));
        RowReader? reader = null;
        try
        {
            reader = await readers.RentAsync(cancellationToken);
            return reader.Get(name, row);
        }
        catch (Exception error) when (error is SqliteException or InvalidDataException)
        {
            throw SqliteFault.Unavailable(path, error);
        }
        finally
        {
            if (reader is not null) readers.Return(reader);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<TablePage> QueryAsync(
        string table, string partition, RowRange range, int limit = 1000, string? continuation = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TableLimits.CheckPage(limit);
        var name = PartitionName.Of(table, partition);
        RowReader? reader = null;
        try
        {
            reader = await readers.RentAsync(cancellationToken);
            return reader.Query(name, range, limit, continuation);
        }
        catch (Exception error) when (error is SqliteException or InvalidDataException)
        {
            throw SqliteFault.Unavailable(path, error);
        }
        finally
        {
            if (reader is not null) readers.Return(reader);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var work = new CommitWork(TableCommit.Prepare(PartitionName.Of(table, partition), changes), rows);
        await Writer.PostAsync(work, cancellationToken);
        return await work.Task.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Finishes the commits that are queued, then closes the file and frees the folder. Later calls throw <see cref="StorageUnavailableException"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await readers.DisposeAsync();
        await Writer.DisposeAsync();
        folder.Dispose();
    }
}
