using System.Collections.Concurrent;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.EmbeddedStore.Sqlite;

/// <summary>Readers for those who want to read at once; further ones wait for their turn. Thread-safe.</summary>
/// <param name="open">Opens a connection.</param>
/// <param name="most">Most connections.</param>
internal sealed class ReaderPool(Func<Database> open, int most) : IAsyncDisposable
{
    private readonly SemaphoreSlim free = new(most);
    private readonly ConcurrentBag<RowReader> idle = [];
    private volatile bool closed;

    /// <summary>
    /// A reader, to be given back with <see cref="Return"/>. Reading blocks the caller's thread: mostly for microseconds, since the system keeps much
    /// of the file in memory, and else for the time of a disk's read, which is less than another thread's turn would cost.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The store is closed.</exception>
    public async ValueTask<RowReader> RentAsync(CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken);
        try
        {
            if (closed) throw new StorageUnavailableException("The store is closed.");
            return idle.TryTake(out var reader) ? reader : new RowReader(open());
        }
        catch
        {
            free.Release();
            throw;
        }
    }

    public void Return(RowReader reader)
    {
        idle.Add(reader);
        free.Release();
    }

    /// <summary>Waits for the readers that are out, and closes all.</summary>
    public async ValueTask DisposeAsync()
    {
        closed = true;
        for (var taken = 0; taken < most; taken++) await free.WaitAsync();
        while (idle.TryTake(out var reader)) reader.Dispose();
        // Those who wait get the exception that the store is closed.
        free.Release(most);
    }
}
