using System.Globalization;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Core.Exports;

/// <summary>
/// Holds the totals of the last export to the records of all days: an export that was written after a loss has totals of what came since alone, and would
/// restore too little. Requests are compared, and not costs, because a refund that was completed late lowers a total. Used by one task.
/// </summary>
/// <param name="last">Day of the last export.</param>
internal sealed class ExportedRequests(DateOnly last)
{
    private readonly Dictionary<int, long> records = [], totals = [];

    /// <summary>Counts a row of the export of a day.</summary>
    public void Add(DateOnly day, ExportedRow row)
    {
        if (row.Table != UsageLayout.Table) return;
        if (GenerationId.TryParse(row.Row, out _, out _)) Count(records, CountedMonth(day, row), 1);
        else if (day == last && UsageLayout.IsTotalOf(UsageLayout.AllKeys, row.Row) && TotalledMonth(row.Row) is { } month)
            Count(totals, month, UsageSum.Read(row.Properties).Requests);
    }

    /// <summary>Compares them.</summary>
    /// <exception cref="InvalidDataException">A month has fewer requests in the totals than it has records.</exception>
    public void Check()
    {
        foreach (var (month, count) in records.OrderBy(static month => month.Key))
        {
            var totalled = totals.GetValueOrDefault(month);
            if (totalled < count)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                    $"The totals of the last export ({ExportLayout.DayName(last)}) have {totalled} requests in {month / 100}-{month % 100:D2}, ")
                    + string.Create(CultureInfo.InvariantCulture, $"but there are {count} records: it was written after rows were lost. ")
                    + $"Restore an earlier state: --through {ExportLayout.DayName(last.AddDays(-1))} or before.");
        }
    }

    /// <summary>Its roll-ups have a record on the day on which its request came, which may be the one before that of its id.</summary>
    private static int CountedMonth(DateOnly day, ExportedRow record) =>
        MonthOf(record.Properties.TryGetValue(nameof(GenerationRecord.CreatedAt), out var at) && at is DateTimeOffset time
            ? DateOnly.FromDateTime(time.UtcDateTime) : day);

    /// <summary>The month that a total is part of; null: it is part of one that has a total of its own.</summary>
    private int? TotalledMonth(string row)
    {
        var period = row.AsSpan(row.LastIndexOf(':') + 1);
        if (period.Length < 7 || !int.TryParse(period.Slice(1, 6), NumberStyles.None, CultureInfo.InvariantCulture, out var month)) return null;
        return period[0] == 'm' || (period[0] == 'd' && month == MonthOf(last)) ? month : null;
    }

    private static int MonthOf(DateOnly day) => (day.Year * 100) + day.Month;

    private static void Count(Dictionary<int, long> months, int month, long count) => months[month] = months.GetValueOrDefault(month) + count;
}
