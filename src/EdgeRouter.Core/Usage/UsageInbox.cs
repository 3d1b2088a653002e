using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Storage.Embedded;

namespace EdgeRouter.Core.Usage;

/// <summary>
/// Records that were accepted and are not counted yet, in files beside the store's journal: a record in it survives what the journal survives. Much
/// cheaper than a row of a table, which every record would have to be put into and taken out of again. There are two files by turns: while one is
/// filled the other is counted, and cut to nothing when that is done; so both stay small however long the load lasts. A record may come back although
/// it was counted (the process died before the file was cut); counting it again changes nothing. Thread-safe.
/// </summary>
internal sealed class UsageInbox : IDisposable
{
    /// <summary>From this length on a file gives its turn to the other, once that is empty.</summary>
    private const long FullFile = 1024 * 1024;
    private readonly Lock gate = new();
    private InboxFile? filling;
    private InboxFile? draining;

    private UsageInbox()
    {
    }

    /// <summary>What opening found, file by file.</summary>
    public IReadOnlyList<RecoveryReport> Recovery { get; private init; } = [];

    /// <summary>What an earlier process had accepted and not counted, or not seen to be counted. It counts as pending.</summary>
    public IReadOnlyList<GenerationRecord> Left { get; private init; } = [];

    /// <summary>An inbox that forgets everything with the process.</summary>
    public static UsageInbox InMemory() => new();

    /// <summary>Opens the inbox of a store's folder, which the store must have locked.</summary>
    /// <exception cref="StorageUnavailableException">It cannot be read or written.</exception>
    /// <exception cref="JournalCorruptException">It is damaged and <see cref="EmbeddedStoreOptions.AcceptCorruption"/> is not set.</exception>
    public static UsageInbox Open(EmbeddedStoreOptions options, JournalDisk disk)
    {
        var left = new List<GenerationRecord>();
        InboxFile? first = null;
        try
        {
            first = new InboxFile(Path.Combine(options.Folder, "usage-inbox-1"), options, disk, left);
            var second = new InboxFile(Path.Combine(options.Folder, "usage-inbox-2"), options, disk, left);
            return new UsageInbox { draining = first, filling = second, Left = left, Recovery = [first.Recovery, second.Recovery] };
        }
        catch (Exception error)
        {
            first?.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw new StorageUnavailableException($"The usage inbox in '{options.Folder}' cannot be opened: {error.Message}", error);
            throw;
        }
    }

    /// <summary>
    /// Makes all records durable or, when it throws, none. Blocks while it writes. Throws <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    public void Add(IReadOnlyList<GenerationRecord> records)
    {
        if (filling is null || draining is null) return;
        lock (gate)
        {
            if (filling.Length >= FullFile && draining.Pending == 0) (filling, draining) = (draining, filling);
            filling.Add(records);
        }
    }

    /// <summary>
    /// Forgets the oldest records, since they are counted: first those of <see cref="Left"/>, then in the order in which they were added. When it
    /// throws nothing is forgotten, and it may be tried again.
    /// </summary>
    public void Remove(int count)
    {
        if (filling is null || draining is null) return;
        lock (gate)
        {
            var fromDraining = Math.Min(count, draining.Pending);
            var fromFilling = count - fromDraining;
            if (fromDraining == draining.Pending) draining.Cut();
            if (fromFilling == filling.Pending) filling.Cut();
            draining.Pending -= fromDraining;
            filling.Pending -= fromFilling;
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        filling?.Dispose();
        draining?.Dispose();
    }
}
