using System.Globalization;

namespace EdgeRouter.Core.Budgets;

/// <summary>Reset period of a budget, in UTC.</summary>
public enum BudgetReset
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>At midnight.</summary>
    Daily,

    /// <summary>At midnight before Monday.</summary>
    Weekly,

    /// <summary>At midnight before the first of a month.</summary>
    Monthly,
}

/// <summary>
/// One reset period on the calendar, such as November 2026. It is derived from the clock, so nothing has to run when a period ends. Immutable.
/// </summary>
/// <param name="Name">Unique among the periods of its kind, such as <c>2026-11</c>, <c>2026-11-20</c>, <c>2026-W47</c> or <c>ever</c>.</param>
/// <param name="Start">Its first moment.</param>
/// <param name="End">The first moment after it; <see cref="DateTimeOffset.MaxValue"/>: it has no end.</param>
public sealed record BudgetPeriod(string Name, DateTimeOffset Start, DateTimeOffset End)
{
    private static readonly BudgetPeriod Ever = new("ever", DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    /// <summary>The period that contains a moment.</summary>
    public static BudgetPeriod Of(BudgetReset reset, DateTimeOffset moment)
    {
        var day = new DateTimeOffset(moment.UtcDateTime.Date, TimeSpan.Zero);
        switch (reset)
        {
            case BudgetReset.Never:
                return Ever;
            case BudgetReset.Daily:
                return new BudgetPeriod(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), day, day.AddDays(1));
            case BudgetReset.Weekly:
                var monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
                // The year of a week is that of its Thursday, so it may differ from the day's.
                var name = string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(monday.DateTime)}-W{ISOWeek.GetWeekOfYear(monday.DateTime):D2}");
                return new BudgetPeriod(name, monday, monday.AddDays(7));
            case BudgetReset.Monthly:
                var first = day.AddDays(1 - day.Day);
                return new BudgetPeriod(first.ToString("yyyy-MM", CultureInfo.InvariantCulture), first, first.AddMonths(1));
            default:
                throw new ArgumentOutOfRangeException(nameof(reset), reset, null);
        }
    }

    /// <summary>Whether a moment is in it.</summary>
    public bool Contains(DateTimeOffset moment) => moment >= Start && moment < End;
}
