using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Usage;

/// <summary>A roll-up row that counts a record.</summary>
/// <param name="Row">The row.</param>
/// <param name="OfDay">It counts the records of one day.</param>
/// <param name="OfEndpoint">It also names its endpoint.</param>
internal readonly record struct UsageRollup(string Row, bool OfDay = false, bool OfEndpoint = false);

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
            new(UsageLayout.AllTimeRow(key)),
            new(UsageLayout.DayRow(key, day), OfDay: true),
            new(UsageLayout.MonthRow(key, day)),
            new(UsageLayout.AllTimeRow(UsageLayout.AllKeys)),
            new(UsageLayout.DayRow(UsageLayout.AllKeys, day), OfDay: true),
            new(UsageLayout.MonthRow(UsageLayout.AllKeys, day)),
        ];
        return endpoint is null ? totals : [.. totals, new(UsageLayout.ActivityRow(day, key, endpoint), OfDay: true, OfEndpoint: true)];
    }
}
