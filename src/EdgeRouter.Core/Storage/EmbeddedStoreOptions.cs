namespace EdgeRouter.Core.Storage;

/// <summary>How <see cref="EmbeddedTableStore.Open(EmbeddedStoreOptions)"/> keeps its journal.</summary>
public sealed record EmbeddedStoreOptions
{
    /// <summary>Folder of the journal; made when missing. One process at a time.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// True (the default): a commit is on the disk when its task completes, and survives the loss of power. False: it has reached the operating
    /// system, and survives the death of the process only; after a loss of power the journal may also count as corrupt.
    /// </summary>
    public bool FlushToDisk { get; init; } = true;

    /// <summary>
    /// False (the default): a journal with a corrupt middle is refused. True: what cannot be read is skipped and reported, and the damaged file is
    /// kept beside the new one.
    /// </summary>
    public bool AcceptCorruption { get; init; }

    /// <summary>Bytes appended to the journal, at least, before it is rewritten without superseded rows. Default 64 MiB.</summary>
    public long MaxJournalBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Commits that may wait to be written; further callers wait for room. Default 1024.</summary>
    public int QueueCapacity { get; init; } = 1024;
}
