using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Memory;

namespace EdgeRouter.Core.Tests.Budgets;

/// <summary>
/// An embedded store behind a bad line: requests fail on their way there, on their way back, arrive long after they were given up, or are sent twice
/// and then meet themselves.
/// </summary>
internal sealed class FaultyStore(Random random) : ITableStore
{
    private readonly List<Func<ValueTask<CommitResult>>> late = [];

    public MemoryTableStore Inner { get; } = new MemoryTableStore();

    /// <summary>Share of the requests that fail, 0 to 1.</summary>
    public double Faults { get; set; }

    /// <summary>Share of the commits before which somebody else writes the same rows, 0 to 1.</summary>
    public double Contention { get; set; }

    /// <summary>Awaited before each request.</summary>
    public Func<Task> Delay { get; set; } = () => Task.CompletedTask;

    public int Commits { get; private set; }

    public int Conflicts { get; private set; }

    /// <summary>Commits that were done and answered as conflicts: the line was cut, and the second try met the first.</summary>
    public int Disowned { get; private set; }

    /// <summary>So many of the next commits are disowned.</summary>
    public int DisownNext { get; set; }

    public async ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default)
    {
        await Delay().WaitAsync(cancellationToken);
        if (Draw(Faults)) throw Away();
        return await Inner.GetAsync(table, partition, row, CancellationToken.None);
    }

    public async ValueTask<TablePage> QueryAsync(string table, string partition, RowRange range, int limit = 1000, string? continuation = null,
        CancellationToken cancellationToken = default)
    {
        await Delay().WaitAsync(cancellationToken);
        if (Draw(Faults)) throw Away();
        // Small pages, so that continuations are followed.
        return await Inner.QueryAsync(table, partition, range, 2, continuation, CancellationToken.None);
    }

    public async ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
        CancellationToken cancellationToken = default)
    {
        await Delay().WaitAsync(cancellationToken);
        if (Draw(Contention)) await TouchAsync(table, partition, changes);
        if (DisownNext > 0)
        {
            DisownNext--;
            return await DisownAsync(table, partition, changes);
        }
        if (Draw(Faults))
        {
            switch (random.Next(4))
            {
                case 0:
                    await Inner.CommitAsync(table, partition, changes, CancellationToken.None);
                    break;
                case 1:
                    late.Add(() => Inner.CommitAsync(table, partition, changes, CancellationToken.None));
                    break;
                case 2:
                    return await DisownAsync(table, partition, changes);
            }
            throw Away();
        }
        var result = await Inner.CommitAsync(table, partition, changes, CancellationToken.None);
        Commits++;
        if (result.Status != CommitStatus.Committed) Conflicts++;
        return result;
    }

    /// <summary>A commit that was given up arrives after all.</summary>
    public async Task LandOneAsync()
    {
        if (late.Count == 0) return;
        var index = random.Next(late.Count);
        var commit = late[index];
        late.RemoveAt(index);
        await commit();
    }

    private async ValueTask<CommitResult> DisownAsync(string table, string partition, IReadOnlyList<TableChange> changes)
    {
        var first = await Inner.CommitAsync(table, partition, changes, CancellationToken.None);
        if (first.Status == CommitStatus.Committed) Disowned++;
        var second = await Inner.CommitAsync(table, partition, changes, CancellationToken.None);
        // Every change of the ledger has a condition that it breaks itself.
        return second.Status == CommitStatus.Committed ? throw new InvalidOperationException("A change of the ledger could be done twice.") : second;
    }

    private async Task TouchAsync(string table, string partition, IReadOnlyList<TableChange> changes)
    {
        foreach (var change in changes)
            if (await Inner.GetAsync(table, partition, change.Row) is { } row)
                await Inner.CommitAsync(table, partition, [TableChange.Upsert(row.Row, row.Properties)]);
    }

    private bool Draw(double share)
    {
        lock (random) return share > 0 && random.NextDouble() < share;
    }

    private static StorageUnavailableException Away() => new("The line is cut.");
}
