using System.Diagnostics.CodeAnalysis;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage;

/// <summary>A record to be written to the table: encoded, with the roll-ups that count it.</summary>
internal sealed class UsageEntry
{
    public required GenerationRecord Record { get; init; }

    public required string Partition { get; init; }

    public required IReadOnlyDictionary<string, object> Properties { get; init; }

    public required long Bytes { get; init; }

    public required UsageRollup[] Rollups { get; init; }

    /// <summary>False: the record can never be stored or counted, and <paramref name="reason"/> says why.</summary>
    public static bool TryCreate(GenerationRecord record, UsageRollups rollups, [NotNullWhen(true)] out UsageEntry? entry,
        [NotNullWhen(false)] out string? reason)
    {
        try
        {
            var partition = GenerationRecordTable.PartitionOf(record.Id);
            var properties = GenerationRecordTable.Encode(record);
            entry = new UsageEntry
            {
                Record = record,
                Partition = partition,
                Properties = properties,
                Bytes = TableLimits.CheckRow(partition, record.Id, properties),
                Rollups = rollups.Of(record),
            };
            reason = null;
            return true;
        }
        catch (ArgumentException error)
        {
            entry = null;
            reason = error.Message;
            return false;
        }
    }
}
