using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Health.Snapshots;

/// <summary>
/// Rows of health in the store: one per instance, and one per hour for the instances that stopped in it (<see cref="PastHealth"/>). Stateless.
/// </summary>
internal static class HealthRows
{
    public const string Table = HealthExchange.Table;
    public const string Partition = "instances";

    private const string PastPrefix = "past:";
    private const string SequenceName = "Sequence";
    private const string TakenName = "Taken";
    private const string DataName = "Data";
    private const int ChunkBytes = 60_000;

    /// <summary>An instance's row. No name of an instance makes that of an hour: ":" is escaped in it.</summary>
    public static string RowOf(string instance) => TableKey.Escape(instance);

    /// <summary>The row of the instances that last wrote in the hour of <paramref name="taken"/>, ticks of UTC.</summary>
    public static string PastRow(long taken) => PastPrefix + new DateTime(taken, DateTimeKind.Utc)
        .ToString("yyyyMMddHH", System.Globalization.CultureInfo.InvariantCulture);

    public static bool IsPast(TableRow row) => row.Row.StartsWith(PastPrefix, StringComparison.Ordinal);

    /// <summary>When it was written, in ticks of UTC; 0: not in the row.</summary>
    public static long TakenOf(TableRow row) => row.Properties.GetValueOrDefault(TakenName) is DateTimeOffset taken ? taken.UtcTicks : 0;

    /// <summary>Null: not in the row.</summary>
    public static long? SequenceOf(TableRow row) => row.Properties.GetValueOrDefault(SequenceName) as long?;

    public static Dictionary<string, object> Encode(InstanceHealth health)
    {
        var properties = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [SequenceName] = health.Sequence,
            [TakenName] = new DateTimeOffset(health.TakenAt, TimeSpan.Zero),
        };
        var index = 0;
        foreach (var chunk in InstanceHealthEncoding.Encode(health).Chunk(ChunkBytes)) properties[DataName + index++] = chunk;
        return properties;
    }

    /// <summary>Decodes the row.</summary>
    /// <exception cref="InvalidDataException">It is of another version, or damaged.</exception>
    public static InstanceHealth Decode(TableRow row)
    {
        using var bytes = new MemoryStream();
        for (var index = 0; row.Properties.GetValueOrDefault(DataName + index) is byte[] chunk; index++) bytes.Write(chunk);
        return new InstanceHealth(row.Row, SequenceOf(row) ?? 0, TakenOf(row), InstanceHealthEncoding.Decode(bytes.ToArray()));
    }
}
