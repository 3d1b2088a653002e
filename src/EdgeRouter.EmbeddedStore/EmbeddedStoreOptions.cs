namespace EdgeRouter.EmbeddedStore;

/// <summary>How <see cref="EmbeddedTableStore.Open"/> keeps its file. Immutable.</summary>
public sealed record EmbeddedStoreOptions
{
    /// <summary>Folder of the store; made when missing, for the owner only. One process at a time.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// True (the default): a commit is on the disk when its task completes, and survives the loss of power (SQLite's synchronous=FULL). False: it has
    /// reached the operating system and survives the death of the process; after a loss of power the last commits may be missing, and the file is
    /// still sound (synchronous=NORMAL).
    /// </summary>
    public bool FlushToDisk { get; init; } = true;

    /// <summary>Commits that may wait to be written; further callers wait for room. Default 1024.</summary>
    public int QueueCapacity { get; init; } = 1024;

    /// <summary>Connections that read at once; further readers wait. Default 4.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>Bytes of pages that SQLite keeps in memory, for the writer and all readers together. Default 8 MiB.</summary>
    public int CacheBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bytes of the file that each connection maps into memory. Default 0: mapped pages count as resident memory.</summary>
    public long MappedBytes { get; init; }

    /// <summary>Bytes that the file may have; a commit that needs more fails. Default: what the disk holds.</summary>
    public long MaxFileBytes { get; init; } = long.MaxValue;
}
