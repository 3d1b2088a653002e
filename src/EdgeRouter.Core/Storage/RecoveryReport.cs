namespace EdgeRouter.Core.Storage;

/// <summary>What opening a journal found. The host logs it.</summary>
/// <param name="Records">Journal records read back.</param>
/// <param name="Cut">The torn end that was cut off: a commit that was being written, and was not yet acknowledged, when the process died. Null: there
/// was none.</param>
/// <param name="Lost">Corrupt parts that were skipped because <see cref="EmbeddedStoreOptions.AcceptCorruption"/> was set; acknowledged commits may
/// have been in them.</param>
public sealed record RecoveryReport(long Records, JournalRange? Cut, IReadOnlyList<JournalRange> Lost)
{
    /// <summary>Nothing was there.</summary>
    public static readonly RecoveryReport Empty = new(0, null, []);
}

/// <summary>A part of a journal file.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Number of bytes.</param>
public readonly record struct JournalRange(long Offset, long Length);

/// <summary>The journal has an unreadable part that is not its torn end: acknowledged commits may be lost. The store refuses to open.</summary>
public sealed class JournalCorruptException(string file, long offset)
    : Exception($"The journal '{file}' is corrupt at byte {offset}. Restore it from a copy, or open it with AcceptCorruption to go on without what cannot be read.")
{
    /// <summary>Path of the journal.</summary>
    public string File { get; } = file;

    /// <summary>First unreadable byte.</summary>
    public long Offset { get; } = offset;
}
