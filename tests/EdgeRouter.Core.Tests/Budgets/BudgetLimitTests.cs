using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Metering;
using Xunit;

namespace EdgeRouter.Core.Tests.Budgets;

/// <summary>Limits that are split between regions.</summary>
public sealed class BudgetLimitTests
{
    private const int Whole = 1_000_000;

    [Fact]
    public void Parts_whose_shares_sum_to_at_most_one_never_sum_to_more_than_the_limit_and_lose_less_than_a_nano_dollar_each()
    {
        var random = new Random(15);
        for (var round = 0; round < 20_000; round++)
        {
            var limit = BudgetFixture.Key(AmountOf(random));
            var shares = SharesOf(random);

            var parts = shares.ConvertAll(share => limit.Part(share).Amount.Value);

            var fair = (decimal)limit.Amount.Value * shares.Sum();
            Assert.True(parts.Sum() <= limit.Amount.Value, $"round {round}: {string.Join(' ', shares)} of {limit.Amount}");
            Assert.InRange(fair - parts.Sum(), 0, parts.Count - 0.000_001m);
        }
    }

    [Theory]
    [InlineData(1, "0.999999", 0)]
    [InlineData(10, "0.25", 2)]
    [InlineData(100_000_000_000_000_000, "0.000001", 100_000_000_000)]
    [InlineData(99_999_999_999_999_999, "0.999999", 99_999_899_999_999_999)]
    public void Part_is_rounded_down_to_a_whole_nano_dollar_and_remembers_its_share(long amount, string share, long part)
    {
        var limit = BudgetFixture.Account(amount, BudgetReset.Monthly);
        var of = decimal.Parse(share, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(limit with { Amount = new NanoDollars(part), Share = of }, limit.Part(of));
    }

    [Fact]
    public void Whole_limit_is_itself() => Assert.Equal(BudgetFixture.Key(long.MaxValue / 2), BudgetFixture.Key(long.MaxValue / 2).Part(1));

    /// <summary>Of any size, small ones as likely as large ones, up to the largest that may be set.</summary>
    private static long AmountOf(Random random) => (long)Math.Pow(10, random.NextDouble() * 17);

    /// <summary>Up to 30 of them; often they sum to exactly one.</summary>
    private static List<decimal> SharesOf(Random random)
    {
        var shares = new List<decimal>();
        var left = Whole;
        for (var i = random.Next(1, 30); i > 1 && left > 1; i--)
        {
            var next = random.Next(1, left);
            shares.Add((decimal)next / Whole);
            left -= next;
        }
        if (random.Next(2) == 0) shares.Add((decimal)left / Whole);
        return shares.Count > 0 ? shares : [1];
    }
}
