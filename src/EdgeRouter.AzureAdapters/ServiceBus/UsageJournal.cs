using System.Globalization;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore;
using EdgeRouter.EmbeddedStore.Files;

namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>
/// Messages that Service Bus did not take yet, in the order in which they came, in an embedded store on the machine's disk. One thread appends,
/// another removes. The store is opened for what an earlier process left, and else with the first message: mostly there is none, and the database would
/// cost start-up time and memory.
/// </summary>
internal sealed class UsageJournal : IAsyncDisposable
{
    private const string Table = "unsentusage";
    private const string Partition = "messages";
    private const int MostFolders = 64;

    /// <summary>Messages read at once when the journal is opened: together they are some megabytes at most.</summary>
    private const int Page = 32;

    private readonly string root;
    private readonly long maxBytes;
    private readonly List<string> refused = [];
    private volatile EmbeddedTableStore? store;
    private long lastNumber;
    private long bytes;
    private int messages;
    private int records;

    private UsageJournal(string root, long maxBytes)
    {
        this.root = root;
        this.maxBytes = maxBytes;
    }

    /// <summary>Why folders that came before were passed over: what is in them is damaged, and was left as it is. A line each.</summary>
    public IReadOnlyList<string> Refused => refused;

    /// <summary>What its operator should mend, a line each.</summary>
    public IReadOnlyList<string> Warnings => store?.Warnings ?? [];

    /// <summary>No message is in it.</summary>
    public bool IsEmpty => Volatile.Read(ref messages) == 0;

    /// <summary>Records in its messages.</summary>
    public int Records => Volatile.Read(ref records);

    /// <summary>Takes what a dead process left in the first folder below <paramref name="root"/> that has a store and that no living process has.</summary>
    /// <exception cref="StorageUnavailableException">The folder cannot be written.</exception>
    public static UsageJournal Open(string root, long maxBytes)
    {
        CheckWritable(root);
        var journal = new UsageJournal(root, maxBytes);
        journal.store = journal.Take(static folder => EmbeddedTableStore.IsIn(folder));
        if (journal.store is { } left)
            foreach (var (row, message) in ReadAll(left))
            {
                journal.lastNumber = long.Parse(row, CultureInfo.InvariantCulture);
                journal.Count(message, 1);
            }
        return journal;
    }

    /// <summary>Completes when the message survives the death of the process.</summary>
    /// <exception cref="StorageUnavailableException">The disk cannot be written, or the journal is full.</exception>
    public async ValueTask AppendAsync(PackedMessage message)
    {
        if (Volatile.Read(ref bytes) + message.Body.Length > maxBytes)
            throw new StorageUnavailableException($"The journal of unsent usage is full: it holds {Records} records.");
        var opened = store ??= Take(static _ => true) ?? throw new StorageUnavailableException($"Other processes have all folders of '{root}'.");
        var row = (++lastNumber).ToString("D19", CultureInfo.InvariantCulture);
        // Counted first, so that nobody finds the journal empty while the message is in it.
        Count(message, 1);
        try
        {
            await opened.CommitAsync(Table, Partition, [TableChange.Upsert(row, ToProperties(message))]);
        }
        catch
        {
            Count(message, -1);
            throw;
        }
    }

    /// <summary>The oldest messages with their rows; only those after the row <paramref name="after"/>, if there is one.</summary>
    public async ValueTask<IReadOnlyList<(string Row, PackedMessage Message)>> PeekAsync(int most, string? after = null)
    {
        if (store is not { } opened) return [];
        var page = await opened.QueryAsync(Table, Partition, after is null ? RowRange.All : new RowRange(after + "\0", null), most);
        return [.. page.Rows.Select(row => (row.Row, ToMessage(row)))];
    }

    /// <summary>Forgets messages that were sent; at most 100 at once.</summary>
    /// <exception cref="StorageUnavailableException">The disk cannot be written; they are still there.</exception>
    public async ValueTask RemoveAsync(IReadOnlyList<(string Row, PackedMessage Message)> sent)
    {
        await store!.CommitAsync(Table, Partition, [.. sent.Select(entry => TableChange.Delete(entry.Row))]);
        foreach (var (_, message) in sent) Count(message, -1);
    }

    public ValueTask DisposeAsync() => store?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static void CheckWritable(string root)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(root);
            else Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.Create(Path.Combine(root, Path.GetRandomFileName()), 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException($"The folder '{root}' for the journal of unsent usage cannot be written: {error.Message}", error);
        }
    }

    /// <summary>
    /// Opens the first wanted folder that no living process has. One that is damaged is passed over: it must not keep the router from starting. Null:
    /// there is none.
    /// </summary>
    private EmbeddedTableStore? Take(Predicate<string> isWanted)
    {
        for (var number = 0; number < MostFolders; number++)
        {
            var folder = Path.Combine(root, number.ToString(CultureInfo.InvariantCulture));
            if (!isWanted(folder)) continue;
            try
            {
                return EmbeddedTableStore.Open(new EmbeddedStoreOptions { Folder = folder });
            }
            catch (StorageUnavailableException)
            {
                // Another process has it.
            }
            catch (StoreRefusedException error)
            {
                if (!refused.Contains(error.Message, StringComparer.Ordinal)) refused.Add(error.Message);
            }
        }
        return null;
    }

    private static IEnumerable<(string Row, PackedMessage Message)> ReadAll(EmbeddedTableStore store)
    {
        string? continuation = null;
        do
        {
            // Reads of the embedded store are complete while nobody else reads.
            var page = store.QueryAsync(Table, Partition, RowRange.All, Page, continuation).AsTask().GetAwaiter().GetResult();
            foreach (var row in page.Rows) yield return (row.Row, ToMessage(row));
            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    private void Count(PackedMessage message, int sign)
    {
        Interlocked.Add(ref bytes, sign * message.Body.Length);
        Interlocked.Add(ref records, sign * message.Records);
        Interlocked.Add(ref messages, sign);
    }

    private static Dictionary<string, object> ToProperties(PackedMessage message)
    {
        var properties = new Dictionary<string, object>(StringComparer.Ordinal) { ["Id"] = message.Id, ["Records"] = message.Records };
        for (int offset = 0, part = 0; offset < message.Body.Length; offset += TableLimits.MaxValueBytes, part++)
            properties[$"Body{part}"] = message.Body[offset..Math.Min(offset + TableLimits.MaxValueBytes, message.Body.Length)];
        return properties;
    }

    private static PackedMessage ToMessage(TableRow row)
    {
        var body = new List<byte>();
        for (var part = 0; row.Properties.TryGetValue($"Body{part}", out var bytes); part++) body.AddRange((byte[])bytes);
        return new PackedMessage((string)row.Properties["Id"], [.. body], (int)row.Properties["Records"]);
    }
}
