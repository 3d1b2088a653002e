using EdgeRouter.Core.Health;
using Xunit;

namespace EdgeRouter.Core.Tests.Health;

/// <summary>What a 429 teaches.</summary>
public sealed class RateLimitTests
{
    private readonly HealthFixture health = new();

    private static AttemptReport Limited(double? retryAfter = null) =>
        new(AttemptResult.RateLimited) { RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null };

    /// <summary>10 attempts a second for 10 s, the last of which is limited.</summary>
    private void SpikeTo(double rate)
    {
        var attempts = (int)(rate * 10) - 1;
        for (var i = 0; i < attempts; i++)
        {
            health.Attempt(AttemptResult.Answered);
            health.After(9.9 / attempts);
        }
        health.Attempt(default, report: Limited(0));
    }

    [Fact]
    public void First_limit_sets_four_fifths_of_the_rate_at_hand()
    {
        Assert.Null(health.Alpha.LearnedCap);

        SpikeTo(10);

        Assert.Equal(8, health.Alpha.LearnedCap!.Value, 0.2);
    }

    [Fact]
    public void Further_limits_of_the_same_burst_change_nothing()
    {
        SpikeTo(10);
        for (var i = 0; i < 5; i++)
        {
            health.After(1);
            health.Attempt(default, report: Limited(0));
        }

        Assert.Equal(8, health.Alpha.LearnedCap!.Value, 0.2);
    }

    [Fact]
    public void Rises_by_a_twentieth_every_ten_seconds_without_one()
    {
        SpikeTo(10);
        var cap = health.Alpha.LearnedCap!.Value;
        for (var step = 1; step <= 20; step++)
        {
            health.After(10);
            Assert.Equal(cap * Math.Pow(1.05, step), health.Alpha.LearnedCap!.Value, 1e-9);
        }
    }

    [Fact]
    public void Dissolves_after_ten_minutes()
    {
        SpikeTo(10);

        health.After(601);

        Assert.Null(health.Alpha.LearnedCap);
        Assert.Equal(0, health.Alpha.Read().CapPressure);
    }

    [Fact]
    public void A_limit_later_cuts_again_and_never_raises()
    {
        SpikeTo(10);
        health.After(15);
        for (var i = 0; i < 40; i++) health.Attempt(AttemptResult.Answered);
        health.Attempt(default, report: Limited(0));

        Assert.Equal(0.8 * 4.1, health.Alpha.LearnedCap!.Value, 0.01);
    }

    [Fact]
    public void Pressure_is_the_rate_over_the_cap()
    {
        SpikeTo(10);
        health.After(0.3);

        Assert.InRange(health.Alpha.Read().CapPressure, 1, 1.3);
        health.After(11);
        Assert.Equal(0, health.Alpha.Read().CapPressure);
    }

    [Fact]
    public void Retry_After_is_hard_even_for_the_last_resort()
    {
        health.Attempt(default, report: Limited(2));

        health.After(1.99);
        Assert.False(health.Alpha.AttemptStarted(lastResort: true).Admitted);
        Assert.Equal(health.Time.GetUtcNow() + TimeSpan.FromSeconds(0.01), health.Alpha.NotBefore);

        health.After(0.01);
        Assert.True(health.Alpha.AttemptStarted().Admitted);
        Assert.Null(health.Alpha.NotBefore);
    }

    [Fact]
    public void A_shorter_wait_does_not_shorten_a_longer_one_and_an_absurd_one_is_cut_to_an_hour()
    {
        var first = health.Alpha.AttemptStarted();
        var second = health.Alpha.AttemptStarted();
        health.Alpha.AttemptEnded(ref first, Limited(1e9));
        health.Alpha.AttemptEnded(ref second, Limited(1));

        Assert.Equal(health.Time.GetUtcNow() + TimeSpan.FromHours(1), health.Alpha.NotBefore);
    }

    [Fact]
    public void Without_Retry_After_the_wait_doubles_from_a_second_to_half_a_minute()
    {
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            Assert.True(health.Attempt(default, report: Limited()));
            Assert.Equal(health.Time.GetUtcNow() + TimeSpan.FromSeconds(seconds), health.Alpha.NotBefore);
            health.After(seconds);
        }
    }

    [Fact]
    public void Limits_count_neither_for_nor_against_uptime_and_do_not_open_the_breaker()
    {
        health.Attempt(AttemptResult.Answered);
        for (var i = 0; i < 10; i++) health.Attempt(default, report: Limited(0));

        var statistics = health.Alpha.Statistics(HealthWindow.FiveMinutes);
        Assert.Equal(1, statistics.Uptime);
        Assert.Equal(10, statistics.RateLimited);
        Assert.Equal(BreakerState.Closed, health.Alpha.Breaker);
    }

    [Fact]
    public void Retry_that_is_given_back_costs_nothing()
    {
        var budget = health.Alpha.Credential.Retries;
        for (var i = 0; i < 1000; i++)
        {
            Assert.True(budget.TrySpend());
            budget.Refund();
        }
        Assert.Equal(10, budget.Available);
    }

    [Fact]
    public void Retry_budget_is_a_reserve_of_ten_and_a_tenth_of_what_succeeds()
    {
        var budget = health.Alpha.Credential.Retries;
        for (var i = 0; i < 10; i++) Assert.True(budget.TrySpend());
        Assert.False(budget.TrySpend());

        health.Attempts(9, AttemptResult.Answered);
        Assert.False(budget.TrySpend());
        health.Attempts(1, AttemptResult.Answered);
        Assert.True(budget.TrySpend());
        Assert.False(budget.TrySpend());

        health.Attempts(2000, AttemptResult.Answered);
        Assert.Equal(100, budget.Available);
    }
}
