using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Health.Snapshots;

/// <summary>
/// Shares health between instances through the store: each writes what it knows into its row and reads the others' rows. A host calls <see cref="LoadAsync"/> before it takes requests and
/// <see cref="ExchangeAsync"/> every few seconds. Calls must not overlap.
/// </summary>
/// <param name="store">Where the rows lie.</param>
/// <param name="registry">Whose health it is.</param>
/// <param name="catalog">The endpoints.</param>
/// <param name="instance">Name of this instance, unique to the process.</param>
public sealed class HealthExchange(ITableStore store, HealthRegistry registry, ICatalog catalog, string instance)
{
    /// <summary>Table of the rows.</summary>
    public const string Table = "health";

    private const string Partition = "instances";
    private const string SequenceName = "Sequence";
    private const string TakenName = "Taken";
    private const string DataName = "Data";
    private const int ChunkBytes = 60_000;

    /// <summary>Rows of instances that have been silent for longer are deleted.</summary>
    private static readonly long Retention = TimeSpan.FromHours(2).Ticks;

    private HealthSnapshot known = HealthSnapshot.Empty;
    private long sequence;

    /// <summary>Rows that could not be read at the last load: of another version, or damaged. They are left to their owners.</summary>
    public int UnreadableRows { get; private set; }

    /// <summary>Writes this instance's row, then reads the others'.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now. Routing goes on with what this instance sees by itself.</exception>
    public async Task ExchangeAsync(CancellationToken cancellationToken = default)
    {
        var own = InstanceHealth.Capture(registry, instance, ++sequence);
        await store.CommitAsync(Table, Partition, [TableChange.Upsert(TableKey.Escape(instance), ToProperties(own))], cancellationToken);
        await LoadAsync(cancellationToken);
    }

    /// <summary>Reads the others' rows, and deletes those of instances long gone.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken = default)
    {
        var oldest = registry.Clock.Now - Retention;
        var own = TableKey.Escape(instance);
        UnreadableRows = 0;
        string? continuation = null;
        do
        {
            var page = await store.QueryAsync(Table, Partition, RowRange.All, 100, continuation, cancellationToken);
            foreach (var row in page.Rows)
            {
                if (row.Row == own) continue;
                if (TakenOf(row) < oldest) await store.CommitAsync(Table, Partition, [TableChange.Delete(row.Row, row.ETag)], cancellationToken);
                else Take(row);
            }
            continuation = page.Continuation;
        }
        while (continuation is not null);
        known = known.Since(oldest);
        SharedEstimate.Apply(registry, known, instance, catalog.Current);
    }

    private void Take(TableRow row)
    {
        if (row.Properties.GetValueOrDefault(SequenceName) is not long theirs || theirs <= known.SequenceOf(row.Row)) return;
        try
        {
            known = known.With(new InstanceHealth(row.Row, theirs, TakenOf(row), InstanceHealthEncoding.Decode(Joined(row))));
        }
        catch (InvalidDataException)
        {
            // An instance of another release during a roll-out: its knowledge is missed, nothing else.
            UnreadableRows++;
        }
    }

    private static long TakenOf(TableRow row) => row.Properties.GetValueOrDefault(TakenName) is DateTimeOffset taken ? taken.UtcTicks : 0;

    private static Dictionary<string, object> ToProperties(InstanceHealth own)
    {
        var properties = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [SequenceName] = own.Sequence,
            [TakenName] = new DateTimeOffset(own.TakenAt, TimeSpan.Zero),
        };
        var index = 0;
        foreach (var chunk in InstanceHealthEncoding.Encode(own).Chunk(ChunkBytes)) properties[DataName + index++] = chunk;
        return properties;
    }

    private static byte[] Joined(TableRow row)
    {
        using var bytes = new MemoryStream();
        for (var index = 0; row.Properties.GetValueOrDefault(DataName + index) is byte[] chunk; index++) bytes.Write(chunk);
        return bytes.ToArray();
    }
}
