using System.Security.Cryptography;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage;

/// <summary>Records that can never be counted: kept whole, with the reason, for an operator to inspect. Writing one again changes nothing.</summary>
internal static class PoisonedUsage
{
    private const int MaxBytes = 14 * TableLimits.MaxValueBytes;

    public static async Task WriteAsync(ITableStore store, GenerationRecord record, string reason, CancellationToken cancellationToken)
    {
        var json = GenerationRecordJson.Encode(record);
        var properties = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["Reason"] = GenerationRecordTable.Bounded(reason),
            ["JsonBytes"] = json.Length,
        };
        // A value has at most 64 KiB; what exceeds a row's size can only be text that the caller chose.
        var kept = Math.Min(json.Length, MaxBytes);
        for (var offset = 0; offset < kept; offset += TableLimits.MaxValueBytes)
            properties[$"Json{offset / TableLimits.MaxValueBytes}"] = json[offset..Math.Min(offset + TableLimits.MaxValueBytes, kept)];
        var row = Convert.ToHexStringLower(SHA256.HashData(json));
        await store.CommitAsync(UsageLayout.PoisonTable, UsageLayout.PoisonPartition, [TableChange.Upsert(row, properties)], cancellationToken);
    }
}
