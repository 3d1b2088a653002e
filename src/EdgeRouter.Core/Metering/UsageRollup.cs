namespace EdgeRouter.Core.Metering;

/// <summary>A roll-up row that counts a record. <paramref name="OfEndpoint"/>: the row also says which endpoint it is about.</summary>
internal readonly record struct UsageRollup(string Row, bool OfEndpoint);

/// <summary>The roll-ups that count a record, named once for each key, day and endpoint of a batch. Not thread-safe.</summary>
internal sealed class UsageRollups
{
    private readonly Dictionary<(string KeyHash, DateOnly Day, string? EndpointId), UsageRollup[]> known = [];

    public UsageRollup[] Of(GenerationRecord record)
    {
        var day = DateOnly.FromDateTime(record.CreatedAt.UtcDateTime);
        var about = (record.KeyHash, day, record.EndpointId);
        if (!known.TryGetValue(about, out var rollups)) known.Add(about, rollups = Create(record.KeyHash, day, record.EndpointId));
        return rollups;
    }

    private static UsageRollup[] Create(string key, DateOnly day, string? endpoint)
    {
        UsageRollup[] totals =
        [
            new(UsageLayout.AllTimeRow(key), false),
            new(UsageLayout.DayRow(key, day), false),
            new(UsageLayout.MonthRow(key, day), false),
            new(UsageLayout.AllTimeRow(UsageLayout.AllKeys), false),
            new(UsageLayout.DayRow(UsageLayout.AllKeys, day), false),
            new(UsageLayout.MonthRow(UsageLayout.AllKeys, day), false),
        ];
        return endpoint is null ? totals : [.. totals, new(UsageLayout.ActivityRow(day, key, endpoint), true)];
    }
}
