using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

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
    private readonly SqliteConnection connection;
    private readonly List<Statement> statements = [];

    private Database(SqliteConnection connection) => this.connection = connection;

    public string Path => connection.DataSource;

    /// <summary>Whether a transaction is open.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <summary>Makes the tables in an empty file, and closes it.</summary>
    public static void Create(string path)
    {
        using var database = Open(path, SqliteOpenMode.ReadWrite, cacheBytes: 0, mappedBytes: 0);
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
        var database = Open(path, SqliteOpenMode.ReadWrite, cacheBytes, mappedBytes);
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
    public static Database OpenReader(string path, int cacheBytes, long mappedBytes) => Open(path, SqliteOpenMode.ReadOnly, cacheBytes, mappedBytes);

    /// <summary>Prepares a statement, which lives as long as the connection.</summary>
    public Statement Prepare(string sql)
    {
        var statement = new Statement(connection.Handle!, sql);
        statements.Add(statement);
        return statement;
    }

    /// <summary>Runs statements, dropping their rows.</summary>
    public void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        do
        {
            // To its end: that is where a damaged page shows.
            while (reader.Read()) continue;
        }
        while (reader.NextResult());
    }

    /// <summary>The number that a statement gives in its first row.</summary>
    public long? Number(string sql)
    {
        using var statement = new Statement(connection.Handle!, sql);
        return statement.RunNumber();
    }

    public void Dispose()
    {
        foreach (var statement in statements) statement.Dispose();
        connection.Dispose();
    }

    private static Database Open(string path, SqliteOpenMode mode, int cacheBytes, long mappedBytes)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ConnectionString;
        var database = new Database(new SqliteConnection(text));
        try
        {
            database.connection.Open();
            raw.sqlite3_busy_timeout(database.connection.Handle, BusyMilliseconds);
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
