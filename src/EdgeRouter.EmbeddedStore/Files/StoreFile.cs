namespace EdgeRouter.EmbeddedStore.Files;

/// <summary>
/// Where the store's file lies, and whether it may be opened. SQLite gives its write-ahead log and shared memory the mode of the main file when it makes
/// them; those that are there already keep theirs, and are protected here.
/// </summary>
internal static class StoreFile
{
    private const string Name = "store.db";
    private const string FreshSuffix = ".new";
    private static readonly string[] Companions = ["-wal", "-shm", "-journal"];

    public static string PathIn(string folder) => Path.Combine(folder, Name);

    /// <summary>Whether a folder has a store, or what may be a part of one.</summary>
    public static bool IsIn(string folder) => File.Exists(PathIn(folder)) || File.Exists(PathIn(folder) + "-wal");

    /// <summary>
    /// Makes the file if the folder has none. It is made whole under another name first, so that a file under the right name is never one that is
    /// still being made: what is then empty or cut short is damaged.
    /// </summary>
    /// <param name="folder">Folder of the store, which must be locked.</param>
    /// <param name="create">Fills the empty file at a path, and closes it.</param>
    /// <exception cref="StoreRefusedException">
    /// The folder holds the store of an earlier format, or a part of a store, or a symbolic link in place of a file.
    /// </exception>
    public static void Ensure(string folder, Action<string> create)
    {
        var path = PathIn(folder);
        foreach (var companion in Companions) PrivateFiles.Protect(path + companion);
        PrivateFiles.Protect(path);
        if (File.Exists(path))
        {
            using var file = PrivateFiles.Open(path, FileMode.Open);
            if (file.Length == 0) throw new StoreRefusedException(DamagedText(path, "it is empty"));
            return;
        }
        if (File.Exists(Path.Combine(folder, "journal")))
            throw new StoreRefusedException(
                $"The folder '{folder}' holds a store of an earlier format (the file 'journal'), which is not read any more. "
                + "To start with an empty store, delete or rename the folder.");
        if (File.Exists(path + "-wal"))
            throw new StoreRefusedException(
                $"The folder '{folder}' holds the log of a store (the file '{Name}-wal') without the store ('{Name}'). Put '{Name}' back from a copy; "
                + "or, to start with an empty store, delete or rename the folder.");
        var fresh = path + FreshSuffix;
        foreach (var rest in (string[])["", .. Companions]) File.Delete(fresh + rest);
        PrivateFiles.Open(fresh, FileMode.CreateNew).Dispose();
        create(fresh);
        File.Move(fresh, path);
    }

    /// <summary>What to tell an operator whose file is damaged; one line.</summary>
    public static string DamagedText(string path, string how) =>
        $"The store '{path}' is damaged ({how}). Stop the router and keep a copy of the folder; then put a backup in its place, "
        + $"or rescue what can be read with \"sqlite3 '{path}' .recover\", or, to start with an empty store, delete or rename the folder.";
}
