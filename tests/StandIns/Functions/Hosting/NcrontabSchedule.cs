using System.Globalization;

namespace EdgeRouter.StandIns.Functions;

/// <summary>
/// A six-field schedule (second, minute, hour, day, month, day of the week) in UTC: each field <c>*</c>, numbers, ranges and steps, joined by commas.
/// </summary>
internal sealed class NcrontabSchedule
{
    private static readonly (int Least, int Most)[] Bounds = [(0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];
    private readonly HashSet<int>[] fields;

    private NcrontabSchedule(HashSet<int>[] fields) => this.fields = fields;

    /// <exception cref="FormatException">It is no such schedule.</exception>
    public static NcrontabSchedule Parse(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Bounds.Length) throw new FormatException($"The schedule '{text}' has {parts.Length} fields; expected {Bounds.Length}.");
        return new NcrontabSchedule([.. parts.Select((part, index) => ParseField(part, Bounds[index].Least, Bounds[index].Most))]);
    }

    /// <summary>The first time after <paramref name="after"/>, to the second.</summary>
    public DateTimeOffset Next(DateTimeOffset after)
    {
        var time = new DateTimeOffset(after.Year, after.Month, after.Day, after.Hour, after.Minute, after.Second, TimeSpan.Zero).AddSeconds(1);
        var last = time.AddYears(5);
        while (time < last)
        {
            if (!fields[4].Contains(time.Month) || !fields[3].Contains(time.Day) || !fields[5].Contains((int)time.DayOfWeek))
                time = new DateTimeOffset(time.Date, TimeSpan.Zero).AddDays(1);
            else if (!fields[2].Contains(time.Hour)) time = time.AddSeconds(3600 - (time.Minute * 60 + time.Second));
            else if (!fields[1].Contains(time.Minute)) time = time.AddSeconds(60 - time.Second);
            else if (!fields[0].Contains(time.Second)) time = time.AddSeconds(1);
            else return time;
        }
        throw new InvalidOperationException("The schedule never comes due.");
    }

    private static HashSet<int> ParseField(string text, int least, int most)
    {
        var values = new HashSet<int>();
        foreach (var item in text.Split(','))
        {
            var (range, step) = item.Split('/') is [var before, var after] ? (before, Number(after, 1, most)) : (item, 1);
            var (from, to) = range == "*" ? (least, most) : range.Split('-') is [var first, var last]
                ? (Number(first, least, most), Number(last, least, most)) : (Number(range, least, most), step > 1 ? most : Number(range, least, most));
            for (var value = from; value <= to; value += step) values.Add(value);
        }
        return values;
    }

    private static int Number(string text, int least, int most) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least && number <= most
        ? number
        : throw new FormatException($"'{text}' in a schedule: expected a number from {least} to {most}.");
}
