using System.Globalization;
using EdgeRouter.Core.Budgets;
using Xunit;

namespace EdgeRouter.Core.Tests.Budgets;

/// <summary>Periods are derived from the clock.</summary>
public sealed class BudgetPeriodTests
{
    [Theory]
    [InlineData(BudgetReset.Never, "2026-11-20T12:00:00Z", "ever")]
    [InlineData(BudgetReset.Daily, "2026-11-20T00:00:00Z", "2026-11-20")]
    [InlineData(BudgetReset.Daily, "2026-11-20T23:59:59.9999999Z", "2026-11-20")]
    [InlineData(BudgetReset.Daily, "2026-11-21T01:30:00+02:00", "2026-11-20")]
    [InlineData(BudgetReset.Weekly, "2026-11-16T00:00:00Z", "2026-W47")]
    [InlineData(BudgetReset.Weekly, "2026-11-15T23:59:59Z", "2026-W46")]
    [InlineData(BudgetReset.Weekly, "2027-01-03T12:00:00Z", "2026-W53")]
    [InlineData(BudgetReset.Weekly, "2024-12-30T12:00:00Z", "2025-W01")]
    [InlineData(BudgetReset.Monthly, "2026-11-30T23:59:59Z", "2026-11")]
    [InlineData(BudgetReset.Monthly, "2026-12-01T00:00:00Z", "2026-12")]
    public void Window_of_a_moment_has_the_name_of_its_calendar(BudgetReset reset, string moment, string name) =>
        Assert.Equal(name, BudgetPeriod.Of(reset, DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture)).Name);

    [Theory]
    [InlineData(BudgetReset.Daily)]
    [InlineData(BudgetReset.Weekly)]
    [InlineData(BudgetReset.Monthly)]
    public void Windows_follow_each_other_without_gap_or_overlap_and_no_two_have_one_name(BudgetReset reset)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var period = BudgetPeriod.Of(reset, new DateTimeOffset(2023, 12, 20, 5, 0, 0, TimeSpan.Zero));
        for (var i = 0; i < 800; i++)
        {
            Assert.True(names.Add(period.Name), period.Name);
            Assert.True(period.Contains(period.Start));
            Assert.False(period.Contains(period.End));
            Assert.Equal(period, BudgetPeriod.Of(reset, period.Start));
            Assert.Equal(period, BudgetPeriod.Of(reset, period.End - TimeSpan.FromTicks(1)));
            var next = BudgetPeriod.Of(reset, period.End);
            Assert.Equal(period.End, next.Start);
            period = next;
        }
    }
}
