using System.Globalization;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage;

/// <summary>
/// Keys of generation records and their roll-ups.
/// <code>
/// table generations, partition = shard of the generation id, "00" to "15"
///   gen-1795334400-AB...                  the record; its presence is also the marker that the roll-ups have counted it
///   usage:KEY:all                         what a key used ever        (KEY "*": all keys together)
///   usage:KEY:d20261120                   ... on a UTC day
///   usage:KEY:m202611                     ... in a UTC month
///   activity:20261120:KEY:ENDPOINT        ... of an endpoint on a day, with its model and provider
///   adjustment:ID                         a correction by an operator, named by its idempotency key
///   adjusted:20261120:ID                  ... again, by the day whose roll-ups have counted it
///   swept:20261120                        the roll-ups of the day were compared with its records (RollupSweep)
/// table poisonedusage, partition "poison"
///   SHA-256 of the record                 a record that cannot be counted, as JSON, with the reason
/// </code>
/// A record and the roll-ups that count it share a partition, so one commit writes both: a record that is delivered again meets its own row and is
/// not counted again.
/// The partition is the shard alone, without the time: then any total, of however many months, is the sum of 16 rows. Writes spread over the same 16 partitions
/// as they would with the hour in the key, and old records are still a range, because ids begin with their time.
/// </summary>
public static class UsageLayout
{
    /// <summary>Table of records and roll-ups.</summary>
    public const string Table = "generations";

    /// <summary>Table of records that cannot be counted.</summary>
    public const string PoisonTable = "poisonedusage";

    /// <summary>The only partition of <see cref="PoisonTable"/>.</summary>
    public const string PoisonPartition = "poison";

    /// <summary>Key name of all keys together.</summary>
    public const string AllKeys = "*";

    private const int MaxEndpointLength = 300;

    /// <summary>All partitions.</summary>
    public static IReadOnlyList<string> Partitions { get; } = [.. Enumerable.Range(0, GenerationId.Shards)
        .Select(static shard => shard.ToString("D2", CultureInfo.InvariantCulture))];

    /// <summary>Partition of a shard.</summary>
    public static string PartitionOf(int shard) => Partitions[shard];

    /// <summary>Row of a key's all-time roll-up.</summary>
    public static string AllTimeRow(string keyHash) => $"usage:{TableKey.Escape(keyHash)}:all";

    /// <summary>Row of a key's roll-up of a day.</summary>
    public static string DayRow(string keyHash, DateOnly day) => $"usage:{TableKey.Escape(keyHash)}:d{Day(day)}";

    /// <summary>Row of a key's roll-up of the month of a day.</summary>
    public static string MonthRow(string keyHash, DateOnly day) =>
        string.Create(CultureInfo.InvariantCulture, $"usage:{TableKey.Escape(keyHash)}:m{day:yyyyMM}");

    /// <summary>Row of an endpoint's roll-up of a day for one key.</summary>
    public static string ActivityRow(DateOnly day, string keyHash, string endpointId)
    {
        var endpoint = TableKey.Escape(endpointId);
        // The row has the id as a property too; the key only needs to be different for different endpoints.
        if (endpoint.Length > MaxEndpointLength)
            endpoint = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(endpointId)));
        return $"activity:{Day(day)}:{TableKey.Escape(keyHash)}:{endpoint}";
    }

    /// <summary>Rows of every endpoint and key of a day.</summary>
    public static RowRange ActivityRange(DateOnly day) => new($"activity:{Day(day)}:", $"activity:{Day(day)};");

    /// <summary>Row of an adjustment.</summary>
    public static string AdjustmentRow(string id) => $"adjustment:{id}";

    /// <summary>Row that marks that the roll-ups of a day have counted an adjustment.</summary>
    public static string AdjustedRow(DateOnly day, string id) => $"adjusted:{Day(day)}:{id}";

    /// <summary>Rows of every adjustment of a day.</summary>
    public static RowRange AdjustedRange(DateOnly day) => new($"adjusted:{Day(day)}:", $"adjusted:{Day(day)};");

    /// <summary>Row that marks that the roll-ups of a day were compared with its records.</summary>
    public static string SweptRow(DateOnly day) => $"swept:{Day(day)}";

    /// <summary>Rows of a key's days in the month of a day.</summary>
    public static RowRange DaysRange(string keyHash, DateOnly day)
    {
        var first = new DateOnly(day.Year, day.Month, 1);
        return new RowRange(DayRow(keyHash, first), DayRow(keyHash, first.AddMonths(1)));
    }

    /// <summary>Rows of all of a key's months.</summary>
    public static RowRange MonthsRange(string keyHash) => new($"usage:{TableKey.Escape(keyHash)}:m", $"usage:{TableKey.Escape(keyHash)}:n");

    /// <summary>Rows of the totals of all keys.</summary>
    internal static RowRange TotalsRange { get; } = new("usage:", "usage;");

    /// <summary>Whether a row is a roll-up: a total of a key, or of an endpoint.</summary>
    internal static bool IsRollup(string row) => IsTotal(row) || row.StartsWith("activity:", StringComparison.Ordinal);

    /// <summary>Whether a row is a total of any key.</summary>
    internal static bool IsTotal(string row) => row.StartsWith(TotalsRange.From!, StringComparison.Ordinal);

    /// <summary>Whether a row is a total of a key.</summary>
    internal static bool IsTotalOf(string keyHash, string row) => row.StartsWith($"usage:{TableKey.Escape(keyHash)}:", StringComparison.Ordinal);

    /// <summary>Whether a row marks that an adjustment of a day is counted.</summary>
    internal static bool IsAdjusted(DateOnly day, string row) => row.StartsWith(AdjustedRange(day).From!, StringComparison.Ordinal);

    /// <summary>Whether a row is an adjustment, or marks that one is counted.</summary>
    internal static bool IsOfAdjustment(string row) =>
        row.StartsWith("adjusted:", StringComparison.Ordinal) || row.StartsWith("adjustment:", StringComparison.Ordinal);

    /// <summary>The key of a row in <see cref="TotalsRange"/>, as the other members take it.</summary>
    internal static string KeyOfTotals(string row) => TableKey.Unescape(row[TotalsRange.From!.Length..row.LastIndexOf(':')]);

    /// <summary>Rows of the totals of all keys that follow one.</summary>
    internal static RowRange TotalsAfter(string keyHash) => TotalsRange with { From = $"usage:{TableKey.Escape(keyHash)};" };

    /// <summary>Records whose ids were made from one time to another, to the second.</summary>
    public static RowRange RecordsRange(DateTimeOffset from, DateTimeOffset to) =>
        new(string.Create(CultureInfo.InvariantCulture, $"gen-{from.ToUnixTimeSeconds()}"),
            string.Create(CultureInfo.InvariantCulture, $"gen-{to.ToUnixTimeSeconds()}"));

    private static string Day(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
