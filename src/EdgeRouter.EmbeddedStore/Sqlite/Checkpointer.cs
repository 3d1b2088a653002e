using SQLitePCL;

namespace EdgeRouter.EmbeddedStore.Sqlite;

/// <summary>
/// Copies what is in the write-ahead log into the file, on a thread and a connection of its own, so that those who commit need not wait for it. What is
/// written while it copies is left to the next time; when the log has grown long all the same, the writer copies the short rest itself, and begins the
/// log anew.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    /// <summary>Pages of the log from which on the writer helps.</summary>
    public const int LongLog = 16_384;

    /// <summary>Pages that are worth a turn: each flushes the log and the file, which those who commit feel.</summary>
    private const int ManyPages = 4096;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private readonly Database database;
    private readonly ManualResetEventSlim written = new();
    private readonly ManualResetEventSlim stopping = new();
    private readonly Thread thread;

    public Checkpointer(Database database)
    {
        this.database = database;
        thread = new Thread(Run) { IsBackground = true, Name = "table store checkpointer" };
        thread.Start();
    }

    /// <summary>Says that there is something in the log. Thread-safe.</summary>
    public void Wake() => written.Set();

    /// <summary>Stops, and closes the connection; the log's rest is the last connection's.</summary>
    public void Dispose()
    {
        stopping.Set();
        written.Set();
        thread.Join();
        database.Dispose();
        written.Dispose();
        stopping.Dispose();
    }

    private void Run()
    {
        var (pause, before) = (ShortestPause, 0);
        while (true)
        {
            written.Wait();
            if (stopping.Wait(pause)) return;
            written.Reset();
            // A file that cannot be written shows when the log cannot be, or becomes long: nothing is lost meanwhile.
            _ = raw.sqlite3_wal_checkpoint_v2(database.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out var copied);
            // A log that was begun anew counts from its beginning.
            var pages = copied >= before ? copied - before : copied;
            before = copied;
            if (pages < ManyPages / 2) pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            else if (pages > ManyPages) pause = ShortestPause;
        }
    }
}
