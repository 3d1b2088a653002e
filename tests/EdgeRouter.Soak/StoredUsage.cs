using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore;

namespace EdgeRouter.Soak;

/// <summary>All records of a store, and what its counters say.</summary>
/// <param name="Records">Every record.</param>
/// <param name="Totals">The counter of all keys.</param>
/// <param name="Activity">The sum of the counters of each endpoint and day.</param>
internal sealed record StoredUsage(IReadOnlyList<GenerationRecord> Records, UsageSum Totals, UsageSum Activity)
{
    public static async Task<StoredUsage> ReadAsync(string folder, DateTimeOffset since)
    {
        await using var store = EmbeddedTableStore.Open(LedgerState.OptionsOf(folder));
        var records = new List<GenerationRecord>();
        var range = UsageLayout.RecordsRange(since.AddDays(-1), since.AddDays(2));
        foreach (var partition in UsageLayout.Partitions)
        {
            string? continuation = null;
            do
            {
                var page = await store.QueryAsync(UsageLayout.Table, partition, range, continuation: continuation);
                records.AddRange(page.Rows.Select(GenerationRecordTable.Decode));
                continuation = page.Continuation;
            }
            while (continuation is not null);
        }
        var totals = await new UsageTotals(store, TimeProvider.System).ReadAllKeysAsync();
        var activity = default(UsageSum);
        var reader = new UsageActivity(store);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        for (var day = DateOnly.FromDateTime(since.UtcDateTime); day <= today; day = day.AddDays(1))
            foreach (var item in await reader.ReadAsync(day)) activity += item.Sum;
        return new StoredUsage(records, totals.AllTime, activity);
    }
}
