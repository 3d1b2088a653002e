using EdgeRouter.Core.Metering;

namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>Bounds of a <see cref="ServiceBusUsageQueue"/>, and what it calls when something is wrong.</summary>
public sealed record ServiceBusUsageQueueOptions
{
    /// <summary>
    /// Folder in which each process on the machine takes a folder of its own for its journal; made when missing. It should outlive the process.
    /// </summary>
    public required string JournalFolder { get; init; }

    /// <summary>Records that may wait to be packed; further callers wait for room. Default 4096.</summary>
    public int Capacity { get; init; } = 4096;

    /// <summary>Longest that one send may take before Service Bus counts as away. Default 10 s.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Writes records without Service Bus: called when it has been away for <see cref="HandOverAfter"/> and when the queue is closed, since the
    /// machine may end with the process, and its disk with it. May be given a record that was written already. Null: what Service Bus has not taken
    /// stays in the journal.
    /// </summary>
    public Func<IReadOnlyList<GenerationRecord>, CancellationToken, Task>? WriteUnsent { get; init; }

    /// <summary>Time that Service Bus must have been away before <see cref="WriteUnsent"/> gets what is in the journal. Default 30 s.</summary>
    public TimeSpan HandOverAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Longest that closing takes; what neither Service Bus nor <see cref="WriteUnsent"/> has taken then stays in the journal for the next process.
    /// Default 4 s: the Functions host ends an instance after 5.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Bytes of messages that the journal may hold, in memory and on disk; when it is full, callers wait. Default 256 MiB.</summary>
    public long MaxJournalBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Called once when Service Bus cannot be reached: records go to the journal from now on. Must not throw or block.</summary>
    public Action<Exception>? OnAway { get; init; }

    /// <summary>
    /// Called with the id of a message that <see cref="WriteUnsent"/> cannot write, and why; the message stays in the journal for Service Bus. Must not
    /// throw or block.
    /// </summary>
    public Action<string, Exception>? OnUnwritable { get; init; }

    /// <summary>Called once when it can be reached again. Must not throw or block.</summary>
    public Action? OnBack { get; init; }

    /// <summary>Called with how many records an earlier process left in a journal that is now being sent. Must not throw or block.</summary>
    public Action<int>? OnJournalFound { get; init; }

    /// <summary>Called with why a journal was skipped: it is damaged, and was left as it is. Once each. Must not throw or block.</summary>
    public Action<string>? OnJournalRefused { get; init; }

    /// <summary>Called with why a folder of journals is not safe from other users of this machine. Must not throw or block.</summary>
    public Action<string>? OnJournalUnsafe { get; init; }
}
