using SQLitePCL;
using static SQLitePCL.raw;

namespace EdgeRouter.EmbeddedStore.Sqlite;

/// <summary>
/// A prepared statement, straight on SQLite's functions. Not thread-safe; throws <see cref="SqliteException"/>.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt statement;

    public Statement(sqlite3 connection, string sql)
    {
        this.connection = connection;
        SqliteException.ThrowIfError(sqlite3_prepare_v3(connection, sql, SQLITE_PREPARE_PERSISTENT, out statement), connection);
    }

    public Statement Bind(int parameter, long value) => Checked(sqlite3_bind_int64(statement, parameter, value));

    public Statement BindText(int parameter, ReadOnlySpan<byte> value) => Checked(sqlite3_bind_text(statement, parameter, value));

    public Statement BindBlob(int parameter, ReadOnlySpan<byte> value) => Checked(sqlite3_bind_blob(statement, parameter, value));

    /// <summary>Goes to the next row; false: there is none.</summary>
    public bool Step()
    {
        var result = sqlite3_step(statement);
        SqliteException.ThrowIfError(result, connection);
        return result == SQLITE_ROW;
    }

    /// <summary>Runs a statement that has no rows. Returns how many rows it changed, if it changes any.</summary>
    public int Run()
    {
        try
        {
            Step();
            return sqlite3_changes(connection);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Runs a statement that has one row with a number; null: no row, or NULL.</summary>
    public long? RunNumber()
    {
        try
        {
            return Step() && sqlite3_column_type(statement, 0) != SQLITE_NULL ? Int64(0) : null;
        }
        finally
        {
            Reset();
        }
    }

    public long Int64(int column) => sqlite3_column_int64(statement, column);

    /// <summary>Text or blob; good until the next step or reset.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => sqlite3_column_blob(statement, column);

    /// <summary>Makes it ready to run again. An error of the last step, which was thrown then, is not thrown again.</summary>
    public void Reset() => sqlite3_reset(statement);

    public void Dispose() => statement.Dispose();

    private Statement Checked(int result)
    {
        SqliteException.ThrowIfError(result, connection);
        return this;
    }
}
