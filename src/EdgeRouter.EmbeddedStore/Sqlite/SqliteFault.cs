using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Files;
using Microsoft.Data.Sqlite;

namespace EdgeRouter.EmbeddedStore.Sqlite;

/// <summary>Says what went wrong with the file in words that help its operator.</summary>
internal static class SqliteFault
{
    private const int Full = 13;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>Whether the file is not what was written to it.</summary>
    public static bool IsDamage(Exception error) => error is InvalidDataException or SqliteException { SqliteErrorCode: Corrupt or NotADatabase };

    /// <summary>Trouble while the store is in use.</summary>
    public static StorageUnavailableException Unavailable(string path, Exception error) => new(TextOf(path, error), error);

    /// <summary>Trouble while the store is being opened.</summary>
    public static Exception Unopened(string path, Exception error) =>
        IsDamage(error) ? new StoreRefusedException(TextOf(path, error), error) : new StorageUnavailableException(TextOf(path, error), error);

    private static string TextOf(string path, Exception error) => error switch
    {
        _ when IsDamage(error) => StoreFile.DamagedText(path, WordsOf(error)),
        SqliteException { SqliteErrorCode: Full } => $"The store '{path}' cannot be written: the disk is full.",
        _ => $"The store '{path}' cannot be used: {WordsOf(error)}",
    };

    // "SQLite Error 11: 'database disk image is malformed'."
    private static string WordsOf(Exception error) =>
        error is SqliteException && error.Message.Split('\'') is [_, var words, ..] ? words : error.Message;
}
