using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage;

/// <summary>What records add to a roll-up. <paramref name="About"/> is set when the row names an endpoint.</summary>
internal readonly record struct RollupAddition(UsageSum Sum, GenerationRecord? About);

/// <summary>The new value of a roll-up.</summary>
/// <param name="Row">The row.</param>
/// <param name="Sum">The new sum.</param>
/// <param name="About">Set when the row names an endpoint.</param>
/// <param name="ETag">Of the version that the sum was made from; null: there was no row.</param>
internal readonly record struct RollupChange(string Row, UsageSum Sum, GenerationRecord? About, string? ETag)
{
    public TableChange ToChange()
    {
        var properties = new RowProperties(UsageSum.Properties + 4);
        if (About is { } record)
        {
            // As the record's own row has them.
            properties.Add(nameof(record.KeyHash), record.KeyHash);
            properties.Add(nameof(record.EndpointId), GenerationRecordTable.Bounded(record.EndpointId ?? ""));
            properties.Add(nameof(record.Model), GenerationRecordTable.Bounded(record.Model ?? ""));
            properties.Add(nameof(record.ProviderName), GenerationRecordTable.Bounded(record.ProviderName ?? ""));
        }
        Sum.Write(properties);
        return ETag is null ? TableChange.Insert(Row, properties) : TableChange.ReplaceIfMatch(Row, ETag, properties);
    }
}
