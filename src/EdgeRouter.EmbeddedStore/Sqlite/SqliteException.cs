using SQLitePCL;

namespace EdgeRouter.EmbeddedStore.Sqlite;

/// <summary>SQLite refused.</summary>
/// <param name="code">Its primary result code.</param>
/// <param name="message">Its own words.</param>
internal sealed class SqliteException(int code, string message) : Exception(message)
{
    private const int PrimaryCode = 0xFF;

    public int Code => code;

    /// <summary>Throws what the connection says of a result that is an error. Null: there is no connection.</summary>
    public static void ThrowIfError(int result, sqlite3? connection)
    {
        if (result is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE) return;
        var words = connection is null ? raw.sqlite3_errstr(result) : raw.sqlite3_errmsg(connection);
        throw new SqliteException(result & PrimaryCode, words.utf8_to_string());
    }
}
