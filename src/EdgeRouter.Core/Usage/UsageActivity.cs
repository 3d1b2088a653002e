using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage;

/// <summary>Reads what was used of which endpoint on a day, by which key. Thread-safe.</summary>
public sealed class UsageActivity(ITableStore store)
{
    /// <summary>One item per key and endpoint that had a generation on that UTC day, in ordinal order of key, then endpoint.</summary>
    public async Task<IReadOnlyList<ActivityItem>> ReadAsync(DateOnly day, CancellationToken cancellationToken = default)
    {
        var items = new SortedDictionary<(string, string), ActivityItem>(Comparer<(string Key, string Endpoint)>.Create(static (left, right) =>
            string.CompareOrdinal(left.Key, right.Key) is var order and not 0 ? order : string.CompareOrdinal(left.Endpoint, right.Endpoint)));
        foreach (var rows in await Task.WhenAll(UsageLayout.Partitions.Select(partition => ReadShardAsync(partition, day, cancellationToken))))
        {
            foreach (var row in rows)
            {
                var item = new ActivityItem(
                    day,
                    (string)row.Properties[nameof(GenerationRecord.KeyHash)],
                    (string)row.Properties[nameof(GenerationRecord.EndpointId)],
                    (string)row.Properties[nameof(GenerationRecord.Model)],
                    (string)row.Properties[nameof(GenerationRecord.ProviderName)],
                    UsageSum.Read(row.Properties));
                var key = (item.KeyHash, item.EndpointId);
                items[key] = items.TryGetValue(key, out var other) ? other with { Sum = other.Sum + item.Sum } : item;
            }
        }
        return [.. items.Values];
    }

    private async Task<List<TableRow>> ReadShardAsync(string partition, DateOnly day, CancellationToken cancellationToken)
    {
        var rows = new List<TableRow>();
        await foreach (var row in store.ReadAllAsync(UsageLayout.Table, partition, UsageLayout.ActivityRange(day), cancellationToken)) rows.Add(row);
        return rows;
    }
}

/// <summary>What a key used of an endpoint on a UTC day. Model and provider are empty when the record did not name them.</summary>
public sealed record ActivityItem(DateOnly Day, string KeyHash, string EndpointId, string Model, string ProviderName, UsageSum Sum);
