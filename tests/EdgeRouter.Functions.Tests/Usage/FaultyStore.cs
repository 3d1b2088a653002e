using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Functions.Tests.Usage;

/// <summary>A store that lets other tasks run before every call, so that writers interleave, and that can be made to fail. Thread-safe.</summary>
internal sealed class FaultyStore(ITableStore inner) : ITableStore
{
    private int busy;
    private int conflicts;
    private int refused;
    private int refusedUsage;

    public ITableStore Inner => inner;

    /// <summary>While true, every call fails as with an account out of reach.</summary>
    public bool Away { get; set; }

    /// <summary>Commits with the row of this record fail for no reason that the writer knows.</summary>
    public string? CursedRow { get; set; }

    /// <summary>A call is under way: a clock that is advanced by hand should wait for it.</summary>
    public bool IsBusy => Volatile.Read(ref busy) > 0;

    public int Conflicts => Volatile.Read(ref conflicts);

    /// <summary>Calls made while away.</summary>
    public int Refused => Volatile.Read(ref refused);

    /// <summary>Those of them that wanted the table of records and roll-ups, which only usage writers use unless someone reads usage.</summary>
    public int RefusedUsage => Volatile.Read(ref refusedUsage);

    public async ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default) =>
        await ReachAsync(table, () => inner.GetAsync(table, partition, row, cancellationToken));

    public async ValueTask<TablePage> QueryAsync(string table, string partition, RowRange range, int limit = 1000, string? continuation = null,
        CancellationToken cancellationToken = default) =>
        await ReachAsync(table, () => inner.QueryAsync(table, partition, range, limit, continuation, cancellationToken));

    public async ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
        CancellationToken cancellationToken = default)
    {
        var result = await ReachAsync(table, () => changes.Any(change => change.Row == CursedRow)
            ? throw new InvalidOperationException("A fault that nobody foresaw.")
            : inner.CommitAsync(table, partition, changes, cancellationToken));
        if (result.Status != CommitStatus.Committed) Interlocked.Increment(ref conflicts);
        return result;
    }

    private async ValueTask<T> ReachAsync<T>(string table, Func<ValueTask<T>> call)
    {
        Interlocked.Increment(ref busy);
        try
        {
            await Task.Yield();
            if (!Away) return await call();
            Interlocked.Increment(ref refused);
            if (table == UsageLayout.Table) Interlocked.Increment(ref refusedUsage);
            throw new StorageUnavailableException("made to fail");
        }
        finally
        {
            Interlocked.Decrement(ref busy);
        }
    }
}
