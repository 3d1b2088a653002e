using EdgeRouter.Core.Health;
using Xunit;

namespace EdgeRouter.Core.Tests.Health;

/// <summary>The breaker as the table of its states and what moves it.</summary>
public sealed class BreakerTests
{
    private readonly HealthFixture health = new();

    /// <summary>Outcomes as letters, + and -, one every so many seconds; open or not at the end.</summary>
    [Theory]
    [InlineData("++-+-", 1, BreakerState.Closed, "2 of 5 in 10 s are below half")]
    [InlineData("+-+--", 1, BreakerState.Open, "3 of 5 in 10 s")]
    [InlineData("+--", 1, BreakerState.Closed, "3 outcomes are too few, and only 2 in a row")]
    [InlineData("---", 1, BreakerState.Open, "3 in a row")]
    [InlineData("---", 30, BreakerState.Open, "3 in a row on low traffic")]
    [InlineData("--+--", 30, BreakerState.Closed, "never 3 in a row")]
    [InlineData("++++-++++-++++-++++-", 2.5, BreakerState.Open, "4 of 20 in a minute")]
    [InlineData("++++-++++-++++-+++++", 2.5, BreakerState.Closed, "3 of 20 in a minute")]
    [InlineData("++++-++++-++++-++++-", 5, BreakerState.Closed, "a fifth, but of 12 in a minute")]
    public void Opens_by_rate_with_a_minimum_of_traffic(string outcomes, double every, BreakerState expected, string why)
    {
        foreach (var outcome in outcomes)
        {
            health.Attempt(outcome == '+' ? AttemptResult.Answered : AttemptResult.ServerFault);
            health.After(every);
        }

        Assert.True(expected == health.Alpha.Breaker, why);
    }

    [Theory]
    [InlineData(AttemptResult.ServerFault, true)]
    [InlineData(AttemptResult.Unreachable, true)]
    [InlineData(AttemptResult.TimedOut, true)]
    [InlineData(AttemptResult.BadAnswer, true)]
    [InlineData(AttemptResult.Overloaded, true)]
    [InlineData(AttemptResult.NotServed, true)]
    [InlineData(AttemptResult.CallerFault, false)]
    [InlineData(AttemptResult.Abandoned, false)]
    [InlineData(AttemptResult.Answered, false)]
    public void Only_faults_of_the_endpoint_open_it(AttemptResult result, bool opens)
    {
        health.Attempts(10, result);

        Assert.Equal(opens ? BreakerState.Open : BreakerState.Closed, health.Alpha.Breaker);
    }

    [Fact]
    public void Open_refuses_until_its_time_then_admits_one_probe_then_three_then_closes()
    {
        health.Attempts(3, AttemptResult.Unreachable);
        Assert.False(health.Alpha.AttemptStarted().Admitted);
        health.After(4.9);
        Assert.False(health.Alpha.AttemptStarted().Admitted);

        health.After(1.2);
        var first = health.Alpha.AttemptStarted();
        Assert.True(first.Admitted);
        Assert.Equal(BreakerState.HalfOpen, health.Alpha.Breaker);
        Assert.False(health.Alpha.AttemptStarted().Admitted);
        health.Alpha.AttemptEnded(ref first, new AttemptReport(AttemptResult.Answered));

        var probes = Enumerable.Range(0, 3).Select(_ => health.Alpha.AttemptStarted()).ToArray();
        Assert.All(probes, probe => Assert.True(probe.Admitted));
        Assert.False(health.Alpha.AttemptStarted().Admitted);
        for (var i = 0; i < probes.Length; i++)
        {
            Assert.Equal(BreakerState.HalfOpen, health.Alpha.Breaker);
            health.Alpha.AttemptEnded(ref probes[i], new AttemptReport(AttemptResult.Answered));
        }
        Assert.Equal(BreakerState.Closed, health.Alpha.Breaker);
    }

    [Fact]
    public void Stays_open_twice_as_long_after_each_failed_probe_up_to_two_minutes()
    {
        health.Attempts(3, AttemptResult.Unreachable);
        foreach (var seconds in new double[] { 5, 10, 20, 40, 80, 120, 120 })
        {
            health.After(seconds * 0.99);
            Assert.False(health.Alpha.AttemptStarted().Admitted, $"open for at least {seconds} s");
            health.After(seconds * 0.01 + Math.Min(seconds * 0.2, 120 - seconds) + 0.01);
            Assert.True(health.Attempt(AttemptResult.Unreachable), $"open for at most {seconds} s and a fifth");
        }
    }

    [Fact]
    public void An_endpoint_that_flaps_is_back_within_half_a_minute()
    {
        for (var flap = 0; flap < 6; flap++)
        {
            health.Attempts(3, AttemptResult.ServerFault);
            while (health.Alpha.Breaker != BreakerState.Closed)
            {
                health.After(1);
                health.Attempt(AttemptResult.Answered);
            }
        }
        health.Attempts(3, AttemptResult.ServerFault);

        health.After(12.1);

        Assert.True(health.Attempt(AttemptResult.Answered));
    }

    [Fact]
    public void Outcomes_of_attempts_from_before_the_break_do_not_count_as_probes()
    {
        var old = health.Alpha.AttemptStarted();
        health.Attempts(3, AttemptResult.Unreachable);
        health.After(6.1);
        var probe = health.Alpha.AttemptStarted();

        health.Alpha.AttemptEnded(ref old, new AttemptReport(AttemptResult.Unreachable));

        Assert.Equal(BreakerState.HalfOpen, health.Alpha.Breaker);
        health.Alpha.AttemptEnded(ref probe, new AttemptReport(AttemptResult.Answered));
        Assert.True(health.Alpha.AttemptStarted().Admitted);
    }

    [Fact]
    public void A_probe_that_was_given_up_makes_room_for_another()
    {
        health.Attempts(3, AttemptResult.Unreachable);
        health.After(6.1);

        for (var i = 0; i < 5; i++) Assert.True(health.Attempt(AttemptResult.Abandoned));
    }

    [Fact]
    public void A_probe_that_never_reports_keeps_it_out_for_two_minutes_only()
    {
        health.Attempts(3, AttemptResult.Unreachable);
        health.After(6.1);
        Assert.True(health.Alpha.AttemptStarted().Admitted);

        health.After(121);

        Assert.True(health.Alpha.AttemptStarted().Admitted);
    }

    [Fact]
    public void The_last_resort_is_admitted_and_its_success_begins_the_recovery()
    {
        health.Attempts(3, AttemptResult.Unreachable);

        Assert.True(health.Attempt(AttemptResult.Answered, lastResort: true));

        Assert.Equal(BreakerState.HalfOpen, health.Alpha.Breaker);
    }

    [Fact]
    public void First_token_settles_a_probe_while_its_stream_goes_on()
    {
        health.Attempts(3, AttemptResult.Unreachable);
        health.After(6.1);
        var probe = health.Alpha.AttemptStarted();

        health.Alpha.FirstTokenArrived(ref probe, TimeSpan.FromSeconds(1));

        Assert.True(health.Alpha.AttemptStarted().Admitted);
    }

    [Fact]
    public void One_refused_credential_breaks_every_endpoint_of_the_provider_and_no_other()
    {
        var eu = health.Registry.Of(health.Catalog.Models[0].Endpoints[2]);
        var beta = health.Registry.Of(health.Catalog.Models[0].Endpoints[1]);

        health.Attempt(AttemptResult.CredentialRefused);

        Assert.Equal(BreakerState.Closed, health.Alpha.Breaker);
        Assert.False(health.Alpha.AttemptStarted().Admitted);
        Assert.False(eu.AttemptStarted().Admitted);
        Assert.True(eu.Read().BlockedUntil > health.Registry.Clock.Now);
        Assert.True(beta.AttemptStarted().Admitted);
    }

    [Fact]
    public void Credential_that_works_again_is_let_in_by_one_probe_and_then_all()
    {
        var eu = health.Registry.Of(health.Catalog.Models[0].Endpoints[2]);
        health.Attempt(AttemptResult.CredentialRefused);
        health.After(6.1);

        Assert.True(health.Attempt(AttemptResult.Answered));
        for (var i = 0; i < 3; i++) Assert.True(health.Attempt(AttemptResult.Answered, at: eu));

        Assert.Equal(BreakerState.Closed, health.Alpha.Credential.State);
    }
}
