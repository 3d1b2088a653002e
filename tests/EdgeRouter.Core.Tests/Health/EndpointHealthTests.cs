using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Tests.Routing;
using Xunit;

namespace EdgeRouter.Core.Tests.Health;

/// <summary>Counting, percentiles, windows and their bounds.</summary>
public sealed class EndpointHealthTests
{
    private readonly HealthFixture health = new();

    [Theory]
    [InlineData(AttemptResult.Answered, 1, 0)]
    [InlineData(AttemptResult.CallerFault, 0, 0)]
    [InlineData(AttemptResult.Abandoned, 0, 0)]
    [InlineData(AttemptResult.RateLimited, 0, 0)]
    [InlineData(AttemptResult.CredentialRefused, 0, 1)]
    [InlineData(AttemptResult.NotServed, 0, 1)]
    [InlineData(AttemptResult.Overloaded, 0, 1)]
    [InlineData(AttemptResult.ServerFault, 0, 1)]
    [InlineData(AttemptResult.Unreachable, 0, 1)]
    [InlineData(AttemptResult.TimedOut, 0, 1)]
    [InlineData(AttemptResult.BadAnswer, 0, 1)]
    public void Uptime_counts_what_the_reference_counts(AttemptResult result, int successes, int failures)
    {
        health.Attempt(result);

        foreach (var window in Enum.GetValues<HealthWindow>())
        {
            var statistics = health.Alpha.Statistics(window);
            Assert.Equal((successes, failures), (statistics.Successes, statistics.Failures));
            Assert.Equal(successes + failures == 0 ? null : (double)successes, statistics.Uptime);
        }
    }

    [Fact]
    public void Refusal_to_serve_does_not_count_against_an_endpoint_that_answered_in_the_last_ten_minutes()
    {
        health.Attempt(AttemptResult.Answered);
        health.After(60);
        health.Attempts(20, AttemptResult.NotServed);
        Assert.Equal((BreakerState.Closed, 1.0), (health.Alpha.Breaker, health.Alpha.Uptime(HealthWindow.OneDay)));

        health.After(600);
        health.Attempts(3, AttemptResult.NotServed);
        Assert.Equal(BreakerState.Open, health.Alpha.Breaker);
    }

    [Fact]
    public void Cleared_endpoint_is_admitted_whatever_kept_it_out()
    {
        health.Attempts(3, AttemptResult.Unreachable);
        health.Attempt(AttemptResult.CredentialRefused, lastResort: true);
        health.Attempt(default, lastResort: true, report: new AttemptReport(AttemptResult.RateLimited) { RetryAfter = TimeSpan.FromHours(1) });
        Assert.False(health.Alpha.AttemptStarted(lastResort: true).Admitted);

        health.Alpha.ClearWaits();

        Assert.Null(health.Alpha.NotBefore);
        Assert.Null(health.Alpha.LearnedCap);
        Assert.Equal(BreakerState.Closed, health.Alpha.Breaker);
        Assert.Equal(BreakerState.Closed, health.Alpha.Credential.State);
        Assert.True(health.Alpha.AttemptStarted().Admitted);
    }

    [Fact]
    public void Percentiles_are_within_a_tenth_of_the_truth()
    {
        var random = new Random(3);
        var samples = new List<double>();
        for (var i = 0; i < 5000; i++)
        {
            var seconds = 0.4 * Math.Exp(0.8 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5));
            samples.Add(seconds);
            health.Attempt(AttemptResult.Answered, firstToken: seconds);
        }
        samples.Sort();

        var percentiles = health.Alpha.Percentiles(HealthWindow.FiveMinutes)!.Value;

        Within(samples[2500], percentiles.P50);
        Within(samples[3750], percentiles.P75);
        Within(samples[4500], percentiles.P90);
        Within(samples[4950], percentiles.P99);

        static void Within(double truth, double estimate) => Assert.InRange(estimate / truth, 0.9, 1.1);
    }

    [Fact]
    public void Throughput_percentiles_run_downwards()
    {
        for (var speed = 10; speed <= 100; speed++)
            health.Attempt(default, report: Answered(speed, OutputUnit.Tokens));

        var percentiles = health.Alpha.Statistics(HealthWindow.FiveMinutes, OutputUnit.Tokens).Throughput!.Value;

        Assert.InRange(percentiles.P50, 50, 61);
        Assert.InRange(percentiles.P99, 9.5, 13);
        Assert.True(percentiles.P50 > percentiles.P75 && percentiles.P75 > percentiles.P90 && percentiles.P90 > percentiles.P99);
    }

    [Fact]
    public void Each_unit_of_output_has_a_throughput_of_its_own()
    {
        health.Attempt(default, report: Answered(50, OutputUnit.Tokens));
        health.Attempt(default, report: Answered(0.5, OutputUnit.Images));
        health.Attempt(default, report: Answered(10_000, OutputUnit.Bytes));

        var learned = health.Alpha.Read().Throughput;
        Assert.InRange(learned.Tokens, 45, 55);
        Assert.InRange(learned.Images, 0.45, 0.55);
        Assert.InRange(learned.Bytes, 9000, 11_000);
        Assert.Equal((double.NaN, double.NaN), (learned.Seconds, learned.Characters));
        Assert.InRange(health.Alpha.Statistics(HealthWindow.OneDay, OutputUnit.Images).Throughput!.Value.P50, 0.45, 0.55);
        Assert.Equal(3, health.Alpha.Statistics(HealthWindow.FiveMinutes).Successes);
    }

    [Fact]
    public void Answer_without_countable_output_teaches_no_throughput()
    {
        health.Attempt(default, report: Answered(1000, OutputUnit.None));

        Assert.Equal(Throughput.Unknown, health.Alpha.Read().Throughput);
        Assert.Equal(1, health.Alpha.Statistics(HealthWindow.FiveMinutes).Successes);
        Assert.Null(health.Alpha.Statistics(HealthWindow.FiveMinutes).Throughput);
    }

    [Fact]
    public void Tool_call_error_rate_is_bad_answers_over_answers_with_calls()
    {
        foreach (var quality in new[] { ToolCallQuality.Good, ToolCallQuality.Good, ToolCallQuality.Bad, ToolCallQuality.Good, ToolCallQuality.None })
            health.Attempt(default, report: new AttemptReport(AttemptResult.Answered) { ToolCalls = quality });

        Assert.Equal(0.25, health.Alpha.Statistics(HealthWindow.OneDay).ToolCallErrorRate);
    }

    [Theory]
    [InlineData(HealthWindow.FiveMinutes, 4.5, 5.01)]
    [InlineData(HealthWindow.ThirtyMinutes, 27, 30.01)]
    [InlineData(HealthWindow.OneDay, 22 * 60, 24 * 60 + 0.01)]
    public void A_window_remembers_for_its_length_and_forgets_after(HealthWindow window, double remembered, double forgotten)
    {
        health.Attempt(AttemptResult.Answered, firstToken: 1);

        health.After(remembered * 60);
        Assert.Equal(1, health.Alpha.Statistics(window).Successes);
        health.After((forgotten - remembered) * 60);
        Assert.Equal(0, health.Alpha.Statistics(window).Successes);
        Assert.Null(health.Alpha.Percentiles(window));
        Assert.Null(health.Alpha.Uptime(window));
    }

    [Fact]
    public void Sums_equal_a_plain_count_under_random_traffic()
    {
        var random = new Random(17);
        var answered = new List<DateTimeOffset>();
        for (var i = 0; i < 3000; i++)
        {
            health.After(random.NextDouble() < 0.01 ? random.Next(400) : random.NextDouble());
            health.Attempt(AttemptResult.Answered);
            answered.Add(health.Time.GetUtcNow());
            if (i % 50 != 0) continue;
            // A window of 10 slots of 30 s: from the start of the slot 9 before this one.
            var slot = TimeSpan.FromSeconds(30).Ticks;
            var from = (health.Time.GetUtcNow().UtcTicks / slot - 9) * slot;
            Assert.Equal(answered.Count(time => time.UtcTicks >= from), health.Alpha.Statistics(HealthWindow.FiveMinutes).Successes);
        }
    }

    [Fact]
    public void In_flight_rises_and_falls_and_a_ticket_ends_once()
    {
        var first = health.Alpha.AttemptStarted();
        var second = health.Alpha.AttemptStarted();
        Assert.Equal(2, health.Alpha.InFlight);

        health.Alpha.AttemptEnded(ref first, new AttemptReport(AttemptResult.Answered));
        health.Alpha.AttemptEnded(ref first, new AttemptReport(AttemptResult.Answered));

        Assert.Equal(1, health.Alpha.InFlight);
        Assert.Equal(1, health.Alpha.Statistics(HealthWindow.FiveMinutes).Successes);
        health.Alpha.AttemptEnded(ref second, new AttemptReport(AttemptResult.Abandoned));
        Assert.Equal(0, health.Alpha.InFlight);
    }

    [Fact]
    public void Load_jumps_on_a_slow_token_decays_after_and_grows_with_what_is_in_flight()
    {
        health.Attempt(AttemptResult.Answered, firstToken: 0.5);
        health.Attempt(AttemptResult.Answered, firstToken: 4);
        Assert.Equal(4, health.Alpha.Read().Load);

        health.After(10);
        health.Attempt(AttemptResult.Answered, firstToken: 0.5);
        Assert.Equal(0.5 + 3.5 * Math.Exp(-1), health.Alpha.Read().Load, 1e-6);

        health.Alpha.AttemptStarted();
        Assert.Equal(2 * (0.5 + 3.5 * Math.Exp(-1)), health.Alpha.Read().Load, 1e-6);
    }

    [Fact]
    public void A_wait_given_up_without_a_token_counts_as_slow()
    {
        var ticket = health.Alpha.AttemptStarted();
        health.After(8);
        health.Alpha.AttemptEnded(ref ticket, new AttemptReport(AttemptResult.Abandoned));

        Assert.Equal(8, health.Alpha.Read().Load, 1e-6);
    }

    [Fact]
    public void Wait_for_a_whole_answer_that_is_given_up_shows_nothing()
    {
        var ticket = health.Alpha.AttemptStarted(isStreamed: false);
        health.After(200);
        health.Alpha.AttemptEnded(ref ticket, new AttemptReport(AttemptResult.Abandoned));

        Assert.Equal(0, health.Alpha.Read().Load);
    }

    [Fact]
    public void Load_falls_with_time_until_an_endpoint_that_is_not_called_is_like_a_new_one()
    {
        health.Attempt(AttemptResult.Answered, firstToken: 4);

        health.After(10);
        Assert.Equal(4 * Math.Exp(-1), health.Alpha.Read().Load, 1e-6);
        health.After(200);
        Assert.Equal(0, health.Alpha.Read().Load);
    }

    [Theory]
    [InlineData(99, 50, UptimeClass.Normal)]
    [InlineData(100, 96, UptimeClass.Normal)]
    [InlineData(100, 94, UptimeClass.Degraded)]
    [InlineData(100, 79, UptimeClass.Down)]
    public void Uptime_class_needs_a_hundred_attempts(int attempts, int successes, UptimeClass expected)
    {
        // Spread over the half hour, answers last, so that no breaker interferes.
        for (var i = 0; i < attempts; i++)
        {
            health.Attempt(i < attempts - successes ? AttemptResult.ServerFault : AttemptResult.Answered, lastResort: true);
            health.After(10);
        }

        Assert.Equal(expected, health.Alpha.Read().Uptime);
    }

    [Fact]
    public void Little_traffic_is_shrunk_towards_the_prior()
    {
        health.Attempt(AttemptResult.ServerFault);

        Assert.Equal(20 * 0.98 / 21, health.Alpha.Read().SuccessRate, 1e-9);
    }

    [Theory]
    [InlineData("answered", 0)]
    [InlineData("broken", -10)]
    [InlineData("limited", -5)]
    [InlineData("probing", -3)]
    public void Status_is_an_integer_of_the_public_enumeration(string story, int expected)
    {
        switch (story)
        {
            case "answered": health.Attempt(AttemptResult.Answered); break;
            case "broken": health.Attempts(3, AttemptResult.Unreachable); break;
            case "limited": health.Attempt(default, report: new AttemptReport(AttemptResult.RateLimited)); break;
            default:
                health.Attempts(3, AttemptResult.Unreachable);
                health.After(6.1);
                health.Alpha.AttemptStarted();
                break;
        }

        Assert.Equal(expected, health.Alpha.Status);
    }

    [Fact]
    public void Reports_allocate_nothing_in_steady_state()
    {
        health.Attempts(100, AttemptResult.Answered);
        var report = new AttemptReport(AttemptResult.Answered) { Duration = TimeSpan.FromSeconds(2), Output = new OutputAmount(100, OutputUnit.Tokens) };
        RunOnce();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) RunOnce();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void RunOnce()
        {
            var ticket = health.Alpha.AttemptStarted();
            health.Alpha.FirstTokenArrived(ref ticket, TimeSpan.FromSeconds(0.3));
            health.Alpha.AttemptEnded(ref ticket, report);
            health.Alpha.Read();
        }
    }

    [Fact]
    public void Memory_of_an_endpoint_is_bounded_whatever_the_traffic()
    {
        health.Attempts(10, AttemptResult.Answered);
        var allocated = 0L;
        for (var hour = 0; hour < 48; hour++)
        {
            health.After(3600);
            var before = GC.GetAllocatedBytesForCurrentThread();
            health.Attempts(100, AttemptResult.Answered);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void A_reload_forgets_endpoints_and_credentials_that_left_the_catalog()
    {
        health.Attempt(AttemptResult.CredentialRefused);
        var beta = health.Registry.Of(health.Catalog.Models[0].Endpoints[1]);

        health.Registry.Retain(CatalogFixture.CatalogOf(CatalogFixture.Model("acme/one", CatalogFixture.At("beta"))));

        Assert.Null(health.Registry.Find("acme/one@alpha"));
        Assert.Same(beta, health.Registry.Find("acme/one@beta"));
        Assert.Equal(BreakerState.Closed, health.Registry.Of(health.Catalog.Models[0].Endpoints[0]).Credential.State);
    }

    [Fact]
    public void Concurrent_reports_lose_nothing()
    {
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (var i = 0; i < 5000; i++) health.Attempt(i % 10 == 0 ? AttemptResult.CallerFault : AttemptResult.Answered, firstToken: 0.2);
        });

        Assert.Equal(36_000, health.Alpha.Statistics(HealthWindow.FiveMinutes).Successes);
        Assert.Equal(0, health.Alpha.InFlight);
    }

    private static AttemptReport Answered(double perSecond, OutputUnit unit) =>
        new(AttemptResult.Answered) { Duration = TimeSpan.FromSeconds(10), Output = new OutputAmount(perSecond * 10, unit) };
}
