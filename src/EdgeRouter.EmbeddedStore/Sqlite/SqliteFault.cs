using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Files;
using static SQLitePCL.raw;

namespace EdgeRouter.EmbeddedStore.Sqlite;

/// <summary>Says what went wrong with the file in words that help its operator.</summary>
internal static class SqliteFault
{
    /// <summary>Whether the file is not what was written to it.</summary>
    public static bool IsDamage(Exception error) => error is InvalidDataException or SqliteException { Code: SQLITE_CORRUPT or SQLITE_NOTADB };

    /// <summary>Trouble while the store is in use.</summary>
    public static StorageUnavailableException Unavailable(string path, Exception error) => new(TextOf(path, error), error);

    /// <summary>Trouble while the store is being opened.</summary>
    public static Exception Unopened(string path, Exception error) =>
        IsDamage(error) ? new StoreRefusedException(TextOf(path, error), error) : new StorageUnavailableException(TextOf(path, error), error);

    private static string TextOf(string path, Exception error) => error switch
    {
        _ when IsDamage(error) => StoreFile.DamagedText(path, error.Message),
        SqliteException { Code: SQLITE_FULL } => $"The store '{path}' cannot be written: the disk is full.",
        _ => $"The store '{path}' cannot be used: {error.Message}",
    };
}
