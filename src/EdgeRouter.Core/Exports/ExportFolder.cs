using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Exports;

/// <summary>
/// Exports in a folder of this machine, for this process's user alone: they hold who used what. On Windows they have what the folder above gives them.
/// Thread-safe.
/// </summary>
/// <param name="path">The folder; it is made at the first write.</param>
public sealed class ExportFolder(string path) : IExportFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string ManifestPattern = "manifest*.json";

    /// <inheritdoc/>
    public async Task<bool> TryWriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        var target = PathOf(name);
        var unfinished = target + "." + Guid.NewGuid().ToString("N") + ".part";
        try
        {
            // The mode is that of the last folder of a path alone.
            CreateFolder(path);
            CreateFolder(Path.GetDirectoryName(target)!);
            if (File.Exists(target)) return false;
            await WriteAsync(unfinished, content, cancellationToken);
            // Whole or not at all, also when the process or the machine ends here.
            File.Move(unfinished, target, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(target))
        {
            return false;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException($"The export folder cannot be written: {fault.Message}", fault);
        }
        finally
        {
            TryDelete(unfinished);
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static async Task WriteAsync(string file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        await using var stream = new FileStream(file, options);
        await stream.WriteAsync(content, cancellationToken);
        // The progress is in the store, which is flushed: it must not say that a file is there which the disk does not have.
        stream.Flush(flushToDisk: true);
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It does no harm: no manifest names it.
        }
    }

    /// <summary>The days that have a complete export, oldest first.</summary>
    public IReadOnlyList<DateOnly> Days() => !Directory.Exists(path) ? [] :
    [
        .. Directory.GetDirectories(path).Where(static day => Directory.EnumerateFiles(day, ManifestPattern).Any())
            .Select(static day => DateOnly.TryParseExact(Path.GetFileName(day), ExportLayout.DayFormat, out var date) ? date : default)
            .Where(static day => day != default).Order(),
    ];

    /// <summary>Names of the manifests of a day: one, unless somebody was faster than the router.</summary>
    internal IReadOnlyList<string> Manifests(DateOnly day) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(path, ExportLayout.DayName(day)), ManifestPattern)
            .Select(file => $"{ExportLayout.DayName(day)}/{Path.GetFileName(file)}").Order(StringComparer.Ordinal),
    ];

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public Stream OpenRead(string name) => File.OpenRead(PathOf(name));

    // Names in a manifest come from a file that somebody may have changed.
    private string PathOf(string name) => ExportLayout.IsName(name) ? Path.Combine([path, .. name.Split('/')])
        : throw new IOException($"'{name}' is not the name of an export file.");
}
