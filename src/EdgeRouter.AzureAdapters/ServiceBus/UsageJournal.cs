using System.Globalization;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore;
using EdgeRouter.EmbeddedStore.Files;

namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>
/// Messages that Service Bus did not take yet, in the order in which they came, in an embedded store on the machine's disk. One thread appends,
/// another removes. The store is opened for what an earlier process left, and else with the first message: mostly there is none, and the database would
/// cost start-up time and memory. Each process has a folder of its own below the root.
/// </summary>
internal sealed class UsageJournal : IAsyncDisposable
{
    private const string Table = "unsentusage";
    private const string Partition = "messages";
    private const int MostFolders = 64;

    /// <summary>Messages read at once when the journal is opened: together they are some megabytes at most.</summary>
    private const int Page = 32;

    private readonly ServiceBusUsageQueueOptions options;
    private readonly string root;
    private readonly HashSet<string> reported = new(StringComparer.Ordinal);

    /// <summary>Held while the store is chosen or written to.</summary>
    private readonly SemaphoreSlim choosing = new(1);
    private volatile EmbeddedTableStore? store;
    private long lastNumber;
    private long bytes;
    private int messages;
    private int records;

    private UsageJournal(ServiceBusUsageQueueOptions options)
    {
        this.options = options;
        root = options.JournalFolder;
    }

    /// <summary>No message is in it.</summary>
    public bool IsEmpty => Volatile.Read(ref messages) == 0;

    /// <summary>Records in its messages.</summary>
    public int Records => Volatile.Read(ref records);

    /// <summary>Takes what a dead process left, if there is anything.</summary>
    /// <exception cref="StorageUnavailableException">The folder cannot be written.</exception>
    public static UsageJournal Open(ServiceBusUsageQueueOptions options)
    {
        CheckWritable(options.JournalFolder);
        if (EmbeddedTableStore.IsOpenToAll(options.JournalFolder))
            options.OnJournalUnsafe?.Invoke($"Every user of this machine may write in '{options.JournalFolder}': take that right away (chmod o-w).");
        var journal = new UsageJournal(options);
        // On the pool, because the caller may have a context that is blocked here.
        Task.Run(() => journal.TryAdoptAbandonedAsync().AsTask()).GetAwaiter().GetResult();
        return journal;
    }

    /// <summary>
    /// If this journal is empty, adopts one that a dead process left. False: it is not empty, or there is none. Only for the remover of messages.
    /// </summary>
    public async ValueTask<bool> TryAdoptAbandonedAsync()
    {
        await choosing.WaitAsync();
        try
        {
            if (!IsEmpty) return false;
            foreach (var left in Free(static folder => EmbeddedTableStore.IsIn(folder)))
            {
                if (!await TryCountAsync(left) || IsEmpty)
                {
                    await left.DisposeAsync();
                    continue;
                }
                // At once, so that what was counted is what is read, whatever fails after it.
                var empty = store;
                store = left;
                try
                {
                    options.OnJournalFound?.Invoke(Records);
                }
                finally
                {
                    if (empty is not null) await empty.DisposeAsync();
                }
                return true;
            }
            return false;
        }
        finally
        {
            choosing.Release();
        }
    }

    /// <summary>Completes when the message survives the death of the process.</summary>
    /// <exception cref="StorageUnavailableException">The disk cannot be written, or the journal is full.</exception>
    public async ValueTask AppendAsync(PackedMessage message)
    {
        if (Volatile.Read(ref bytes) + message.Body.Length > options.MaxJournalBytes)
            throw new StorageUnavailableException($"The journal of unsent usage is full: it holds {Records} records.");
        await choosing.WaitAsync();
        try
        {
            await AppendAsync(store ??= await TakeAsync(), message);
        }
        finally
        {
            choosing.Release();
        }
    }

    private async ValueTask AppendAsync(EmbeddedTableStore opened, PackedMessage message)
    {
        var row = (++lastNumber).ToString("D19", CultureInfo.InvariantCulture);
        // Counted first, so that the journal is not found empty while the message is in it.
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

    public async ValueTask DisposeAsync()
    {
        if (store is { } opened) await opened.DisposeAsync();
        choosing.Dispose();
    }

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
    /// Opens the wanted folders that no living process has, one after the other; going to the next closes the one before. A damaged one is
    /// passed over: it must not keep the router from starting.
    /// </summary>
    private IEnumerable<EmbeddedTableStore> Free(Predicate<string> isWanted)
    {
        for (var number = 0; number < MostFolders; number++)
        {
            var folder = Path.Combine(root, number.ToString(CultureInfo.InvariantCulture));
            if (isWanted(folder) && TryOpen(folder) is { } opened) yield return opened;
        }
    }

    private EmbeddedTableStore? TryOpen(string folder)
    {
        try
        {
            var opened = EmbeddedTableStore.Open(new EmbeddedStoreOptions { Folder = folder });
            foreach (var warning in opened.Warnings) ReportOnce(options.OnJournalUnsafe, warning);
            return opened;
        }
        catch (StorageUnavailableException)
        {
            // Another process has it, or this one.
        }
        catch (StoreRefusedException error)
        {
            ReportOnce(options.OnJournalRefused, error.Message);
        }
        return null;
    }

    /// <summary>The first folder that no living process has; with what a process may have left in it.</summary>
    private async ValueTask<EmbeddedTableStore> TakeAsync()
    {
        foreach (var free in Free(static _ => true))
        {
            if (await TryCountAsync(free)) return free;
            await free.DisposeAsync();
        }
        throw new StorageUnavailableException($"Other processes have all folders of '{root}', or they are damaged.");
    }

    /// <summary>Counts what is in a store. False: it cannot be read.</summary>
    private async ValueTask<bool> TryCountAsync(EmbeddedTableStore opened)
    {
        var (foundBytes, foundRecords, foundMessages, last) = (0L, 0, 0, 0L);
        try
        {
            string? continuation = null;
            do
            {
                var page = await opened.QueryAsync(Table, Partition, RowRange.All, Page, continuation);
                foreach (var row in page.Rows)
                {
                    last = long.Parse(row.Row, CultureInfo.InvariantCulture);
                    var message = ToMessage(row);
                    foundBytes += message.Body.Length;
                    foundRecords += message.Records;
                    foundMessages++;
                }
                continuation = page.Continuation;
            }
            while (continuation is not null);
        }
        catch (Exception error)
        {
            ReportOnce(options.OnJournalRefused, error.Message);
            return false;
        }
        // An empty folder may be given back, and the rows of the journal in use must not start below those that it had.
        if (foundMessages > 0) lastNumber = last;
        Count(foundBytes, foundRecords, foundMessages);
        return true;
    }

    private void ReportOnce(Action<string>? listener, string what)
    {
        if (reported.Add(what)) listener?.Invoke(what);
    }

    private void Count(PackedMessage message, int sign) => Count(sign * message.Body.Length, sign * message.Records, sign);

    private void Count(long moreBytes, int moreRecords, int moreMessages)
    {
        Interlocked.Add(ref bytes, moreBytes);
        Interlocked.Add(ref records, moreRecords);
        Interlocked.Add(ref messages, moreMessages);
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
