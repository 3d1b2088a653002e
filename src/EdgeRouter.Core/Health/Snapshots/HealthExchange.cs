using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Health.Snapshots;

/// <summary>
/// Shares health between instances through the store: each writes what it knows into its row and reads the others' rows. A host calls
/// <see cref="LoadAsync"/> before it takes requests and
/// <see cref="ExchangeAsync"/> every few seconds. Calls must not overlap.
/// </summary>
/// <param name="store">Store of the rows.</param>
/// <param name="registry">The health of this instance.</param>
/// <param name="catalog">The endpoints.</param>
/// <param name="instance">Name of this instance, unique to the process.</param>
public sealed class HealthExchange(ITableStore store, HealthRegistry registry, ICatalog catalog, string instance)
{
    /// <summary>Table of the rows.</summary>
    public const string Table = "health";

    /// <summary>Rows of instances that have not written for longer are deleted, unless <see cref="PastHealth"/> merged them before.</summary>
    private static readonly long Retention = TimeSpan.FromHours(2).Ticks;

    /// <summary>The longest window of the statistics.</summary>
    private static readonly long PastRetention = TimeSpan.FromDays(1).Ticks;

    private readonly ClearedWaits cleared = new(store);
    private HealthSnapshot known = HealthSnapshot.Empty;
    private long sequence;

    /// <summary>Rows that could not be read at the last load: of another version, or damaged. They are left to their owners.</summary>
    public int UnreadableRows { get; private set; }

    /// <summary>Writes this instance's row, then reads the others'.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now. Routing continues with this instance's own results.</exception>
    public async Task ExchangeAsync(CancellationToken cancellationToken = default)
    {
        // Before its own row is written, so that no wait is shared after it was cleared.
        var clearedAt = await cleared.ApplyAsync(registry, cancellationToken);
        var own = InstanceHealth.Capture(registry, instance, ++sequence);
        await store.CommitAsync(Table, HealthRows.Partition, [TableChange.Upsert(HealthRows.RowOf(instance), HealthRows.Encode(own))], cancellationToken);
        await TakeOthersAsync(clearedAt, cancellationToken);
    }

    /// <summary>Reads the others' rows, and deletes those of instances that stopped long ago.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken = default) =>
        await TakeOthersAsync(await cleared.ApplyAsync(registry, cancellationToken), cancellationToken);

    private async Task TakeOthersAsync(IReadOnlyDictionary<string, long> clearedAt, CancellationToken cancellationToken)
    {
        var now = registry.Clock.Now;
        var own = HealthRows.RowOf(instance);
        var present = new HashSet<string>(StringComparer.Ordinal);
        UnreadableRows = 0;
        await foreach (var row in store.ReadAllAsync(HealthRows.Table, HealthRows.Partition, RowRange.All, cancellationToken))
        {
            if (row.Row == own) continue;
            if (HealthRows.TakenOf(row) < now - (HealthRows.IsPast(row) ? PastRetention : Retention))
            {
                await store.CommitAsync(Table, HealthRows.Partition, [TableChange.Delete(row.Row, row.ETag)], cancellationToken);
                continue;
            }
            present.Add(row.Row);
            Take(row);
        }
        known = known.Only(present);
        SharedEstimate.Apply(registry, known, instance, catalog.Current, clearedAt);
    }

    private void Take(TableRow row)
    {
        if (HealthRows.SequenceOf(row) is not { } theirs || theirs <= known.SequenceOf(row.Row)) return;
        try
        {
            known = known.With(HealthRows.Decode(row));
        }
        catch (InvalidDataException)
        {
            // An instance of another release during a roll-out: only its statistics are missing.
            UnreadableRows++;
        }
    }
}
