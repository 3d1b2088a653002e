using System.Diagnostics.CodeAnalysis;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Metering;

/// <summary>A record on its way to the table: encoded, with the roll-ups that count it.</summary>
internal sealed class UsageEntry
{
    public required GenerationRecord Record { get; init; }

    public required string Partition { get; init; }

    public required Dictionary<string, object> Properties { get; init; }

    public required long Bytes { get; init; }

    public required UsageRollup[] Rollups { get; init; }

    /// <summary>False: the record can never be stored or counted, and <paramref name="reason"/> says why.</summary>
    public static bool TryCreate(GenerationRecord record, [NotNullWhen(true)] out UsageEntry? entry, [NotNullWhen(false)] out string? reason)
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
                Rollups = UsageRollup.Of(record),
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

/// <summary>A roll-up row that counts a record. <paramref name="Record"/> is set where the row also says which endpoint it is about.</summary>
internal readonly record struct UsageRollup(string Row, GenerationRecord? Record)
{
    public static UsageRollup[] Of(GenerationRecord record)
    {
        var day = DateOnly.FromDateTime(record.CreatedAt.UtcDateTime);
        UsageRollup[] totals =
        [
            new(UsageLayout.AllTimeRow(record.KeyHash), null),
            new(UsageLayout.DayRow(record.KeyHash, day), null),
            new(UsageLayout.MonthRow(record.KeyHash, day), null),
            new(UsageLayout.AllTimeRow(UsageLayout.AllKeys), null),
            new(UsageLayout.DayRow(UsageLayout.AllKeys, day), null),
            new(UsageLayout.MonthRow(UsageLayout.AllKeys, day), null),
        ];
        return record.EndpointId is { } endpoint ? [.. totals, new(UsageLayout.ActivityRow(day, record.KeyHash, endpoint), record)] : totals;
    }

    /// <summary>Writes what the row is about, from the properties that the record's own row has.</summary>
    public void Describe(Dictionary<string, object> properties)
    {
        if (Record is null) return;
        properties[nameof(Record.KeyHash)] = Record.KeyHash;
        properties[nameof(Record.EndpointId)] = GenerationRecordTable.Bounded(Record.EndpointId ?? "");
        properties[nameof(Record.Model)] = GenerationRecordTable.Bounded(Record.Model ?? "");
        properties[nameof(Record.ProviderName)] = GenerationRecordTable.Bounded(Record.ProviderName ?? "");
    }
}
