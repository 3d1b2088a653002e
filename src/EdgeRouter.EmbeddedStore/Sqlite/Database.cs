using System.Globalization;
using SQLitePCL;
using static SQLitePCL.raw;

namespace EdgeRouter.EmbeddedStore.Sqlite;

/// <summary>
/// A connection to the store's file. Not thread-safe; throws <see cref="SqliteException"/>.
/// <code>
/// rows      one for each row of each table; data is its properties
/// inbox     accepted generation records that are not counted yet, oldest first
/// session   one row: how often the file was opened
/// </code>
/// Rows have a number of their own as primary key, so that what is written goes to the end of the file, and only the index is spread.
/// </summary>
internal sealed class Database : IDisposable
{
    private const int ApplicationId = 0x45_64_67_52;
    private const int FormatVersion = 1;
    private const int BusyMilliseconds = 10_000;
    private const int PageBytes = 4096;
    // Copied into the file by the writer's thread. A thread of its own was tried: with 64 callers it made no difference, with one it was slower.
    private const int PagesBetweenCheckpoints = 4096;
    private readonly sqlite3 connection;
    private readonly List<Statement> statements = [];

    static Database()
    {
        // Its own provider, since the bundle looks for others first. It counts no memory: each allocation would take a lock that all connections share.
        SetProvider(new SQLite3Provider_e_sqlite3());
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        sqlite3_initialize();
    }

    private Database(string path, sqlite3 connection)
    {
        Path = path;
        this.connection = connection;
    }

    public string Path { get; }

    /// <summary>Whether a transaction is open.</summary>
    public bool IsInTransaction => sqlite3_get_autocommit(connection) == 0;

    /// <summary>Makes the tables in an empty file, and closes it.</summary>
    public static void Create(string path)
    {
        using var database = Open(path, SQLITE_OPEN_READWRITE, cacheBytes: 0, mappedBytes: 0);
        database.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            PRAGMA page_size = {PageBytes};
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            BEGIN;
            PRAGMA application_id = {ApplicationId};
            PRAGMA user_version = {FormatVersion};
            CREATE TABLE rows (id INTEGER PRIMARY KEY, tab TEXT NOT NULL, part TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, data BLOB NOT NULL);
            CREATE UNIQUE INDEX rows_by_key ON rows (tab, part, key);
            CREATE TABLE inbox (seq INTEGER PRIMARY KEY, record BLOB NOT NULL);
            CREATE TABLE session (number INTEGER NOT NULL);
            INSERT INTO session VALUES (0);
            COMMIT;
            """));
    }

    /// <summary>Opens the connection that writes, after a look at what can be checked in no time.</summary>
    /// <exception cref="InvalidDataException">The file is not one of this format, or damaged.</exception>
    public static Database OpenWriter(string path, bool flushToDisk, int cacheBytes, long mappedBytes, long maxFileBytes)
    {
        var database = Open(path, SQLITE_OPEN_READWRITE, cacheBytes, mappedBytes);
        try
        {
            database.CheckFormat();
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"""
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = {(flushToDisk ? "FULL" : "NORMAL")};
                PRAGMA wal_autocheckpoint = {PagesBetweenCheckpoints};
                PRAGMA journal_size_limit = {PagesBetweenCheckpoints * 2 * PageBytes};
                PRAGMA max_page_count = {Math.Clamp(maxFileBytes / PageBytes, 1, uint.MaxValue - 1)};
                """));
            // The last pages of each tree: a file that was cut short does not have them.
            database.Execute("SELECT max(id) FROM rows; SELECT max(seq) FROM inbox; SELECT key FROM rows ORDER BY tab DESC, part DESC, key DESC LIMIT 1;");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that reads, beside the one that writes.</summary>
    public static Database OpenReader(string path, int cacheBytes, long mappedBytes) => Open(path, SQLITE_OPEN_READONLY, cacheBytes, mappedBytes);

    /// <summary>Prepares a statement, which lives as long as the connection.</summary>
    public Statement Prepare(string sql)
    {
        var statement = new Statement(connection, sql);
        statements.Add(statement);
        return statement;
    }

    /// <summary>Runs statements, dropping their rows. To the end of each: that is where a damaged page shows.</summary>
    public void Execute(string sql) => SqliteException.ThrowIfError(sqlite3_exec(connection, sql), connection);

    /// <summary>The number that a statement gives in its first row.</summary>
    public long? Number(string sql)
    {
        using var statement = new Statement(connection, sql);
        return statement.RunNumber();
    }

    public void Dispose()
    {
        foreach (var statement in statements) statement.Dispose();
        connection.Dispose();
    }

    private static Database Open(string path, int mode, int cacheBytes, long mappedBytes)
    {
        // Without locks of its own: a connection has one user at a time.
        var opened = sqlite3_open_v2(path, out var handle, mode | SQLITE_OPEN_NOMUTEX, null);
        var database = new Database(path, handle);
        try
        {
            SqliteException.ThrowIfError(opened, handle);
            SqliteException.ThrowIfError(sqlite3_busy_timeout(handle, BusyMilliseconds), handle);
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"""
                PRAGMA cache_size = {-Math.Max(64, cacheBytes / 1024)};
                PRAGMA mmap_size = {mappedBytes};
                PRAGMA temp_store = MEMORY;
                PRAGMA cell_size_check = ON;
                PRAGMA trusted_schema = OFF;
                """));
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private void CheckFormat()
    {
        if (Number("PRAGMA application_id") != ApplicationId) throw new InvalidDataException("it is a database of another program");
        var version = Number("PRAGMA user_version");
        if (version != FormatVersion)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"it has format {version}; expected {FormatVersion}"));
    }
}
