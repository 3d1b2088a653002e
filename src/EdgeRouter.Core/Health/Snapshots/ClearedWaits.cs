using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Health.Snapshots;

/// <summary>
/// Endpoints whose waits an operator cleared, in the store, so that all instances read it within one exchange. Not thread-safe: calls of
/// <see cref="ApplyAsync"/> must not overlap.
/// </summary>
public sealed class ClearedWaits(ITableStore store)
{
    private const string Partition = "cleared";
    private const string EndpointName = "Endpoint";
    private const string AtName = "At";

    /// <summary>Longer than any wait, so that no earlier wait can return.</summary>
    private static readonly long Retention = TimeSpan.FromHours(2).Ticks;

    private Dictionary<string, long> applied = new(StringComparer.Ordinal);

    /// <summary>Records that the waits of an endpoint are void from now on, here and at all instances.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now; nothing is cleared elsewhere.</exception>
    public static async Task RecordAsync(ITableStore store, string endpointId, DateTimeOffset at, CancellationToken cancellationToken) =>
        await store.CommitAsync(HealthRows.Table, Partition, [TableChange.Upsert(TableKey.Escape(endpointId),
            new Dictionary<string, object>(StringComparer.Ordinal) { [EndpointName] = endpointId, [AtName] = at })], cancellationToken);

    /// <summary>Clears what was recorded since the last call, and returns when each endpoint was cleared, in ticks of UTC.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now.</exception>
    internal async Task<IReadOnlyDictionary<string, long>> ApplyAsync(HealthRegistry registry, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var row in store.ReadAllAsync(HealthRows.Table, Partition, RowRange.All, cancellationToken))
        {
            if (row.Properties.GetValueOrDefault(EndpointName) is not string endpointId
                || row.Properties.GetValueOrDefault(AtName) is not DateTimeOffset at || at.UtcTicks < registry.Clock.Now - Retention)
            {
                await store.CommitAsync(HealthRows.Table, Partition, [TableChange.Delete(row.Row, row.ETag)], cancellationToken);
                continue;
            }
            found[endpointId] = at.UtcTicks;
            if (applied.GetValueOrDefault(endpointId) < at.UtcTicks) registry.Find(endpointId)?.ClearWaits();
        }
        return applied = found;
    }
}
