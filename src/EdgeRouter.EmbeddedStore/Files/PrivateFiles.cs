namespace EdgeRouter.EmbeddedStore.Files;

/// <summary>
/// Files and folders that only the process's user may read: they hold who used what. On Windows they have what the folder above gives them.
/// </summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the folder and those above it that are missing. One that is there keeps its mode.</summary>
    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Opens a file for this process alone, and takes it from the other users if it was theirs to read.</summary>
    /// <exception cref="StoreRefusedException">It is a symbolic link.</exception>
    public static FileStream Open(string path, FileMode mode)
    {
        RefuseLink(path);
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open) options.UnixCreateMode = OwnerOnly;
        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file.SafeFileHandle) != OwnerOnly) File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
        return file;
    }

    /// <summary>Takes a file from the other users if it is there. For files that another part opens.</summary>
    /// <exception cref="StoreRefusedException">It is a symbolic link.</exception>
    public static void Protect(string path)
    {
        RefuseLink(path);
        if (!OperatingSystem.IsWindows() && File.Exists(path) && File.GetUnixFileMode(path) != OwnerOnly) File.SetUnixFileMode(path, OwnerOnly);
    }

    /// <summary>Whether every user of the machine may add, rename and delete files in a folder.</summary>
    public static bool IsOpenToAll(string folder) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder) & UnixFileMode.OtherWrite) != UnixFileMode.None;

    // A link there would make this process write to a file of its maker's choice.
    private static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
            throw new StoreRefusedException($"'{path}' is a symbolic link. A store's files are not followed to other places: put the file itself there; "
                + "the folder may be a link.");
    }
}
