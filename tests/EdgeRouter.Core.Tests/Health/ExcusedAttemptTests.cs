using EdgeRouter.Core.Health;
using Xunit;

namespace EdgeRouter.Core.Tests.Health;

/// <summary>What does not count against an endpoint, because others show that it works.</summary>
public sealed class ExcusedAttemptTests
{
    private readonly HealthFixture health = new();

    [Fact]
    public void Silence_where_another_endpoint_has_an_answer_counts_unless_the_endpoint_answered_in_the_last_ten_minutes()
    {
        health.Attempt(AttemptResult.Answered);
        for (var i = 0; i < 20; i++) health.Alpha.ReportEmptyAnswer();
        Assert.Equal((BreakerState.Closed, 1.0), (health.Alpha.Breaker, health.Alpha.Uptime(HealthWindow.OneDay)));

        health.After(600);
        for (var i = 0; i < 3; i++) health.Alpha.ReportEmptyAnswer();
        Assert.Equal((BreakerState.Open, 0.25), (health.Alpha.Breaker, health.Alpha.Uptime(HealthWindow.OneDay)));
    }

    [Fact]
    public void Refusals_and_answers_without_content_do_not_excuse_an_endpoint_that_has_nothing_to_say()
    {
        for (var i = 0; i < 3; i++)
        {
            health.Attempt(AttemptResult.CallerFault);
            health.Attempt(AttemptResult.Abandoned);
            health.Alpha.ReportEmptyAnswer();
        }

        Assert.Equal((BreakerState.Open, 0.0), (health.Alpha.Breaker, health.Alpha.Uptime(HealthWindow.OneDay)));
    }

    [Theory]
    [InlineData(true, true, 0)]
    [InlineData(true, false, 2)]
    [InlineData(false, true, 2)]
    public void Time_out_of_a_request_that_may_take_long_counts_unless_the_endpoint_answered_meanwhile(bool mayTakeLong, bool answers, int failures)
    {
        health.Attempt(AttemptResult.Answered);
        for (var i = 0; i < 2; i++)
        {
            health.After(1);
            var waiting = health.Alpha.AttemptStarted(mayTakeLong: mayTakeLong);
            health.After(30);
            if (answers) health.Attempt(AttemptResult.Answered);
            health.After(30);
            health.Alpha.AttemptEnded(ref waiting, new AttemptReport(AttemptResult.TimedOut));
        }

        Assert.Equal(failures, health.Alpha.Statistics(HealthWindow.OneDay).Failures);
    }

    [Theory]
    [InlineData(AttemptResult.CallerFault, false, 1)]
    [InlineData(AttemptResult.CallerFault, true, 1)]
    [InlineData(AttemptResult.Answered, false, 0)]
    [InlineData(AttemptResult.Answered, true, 1)]
    public void Time_out_of_a_whole_answer_is_excused_by_another_whole_answer_only(AttemptResult other, bool otherIsStreamed, int failures)
    {
        var waiting = health.Alpha.AttemptStarted(isStreamed: false, mayTakeLong: true);
        health.After(30);
        var meanwhile = health.Alpha.AttemptStarted(isStreamed: otherIsStreamed);
        health.Alpha.AttemptEnded(ref meanwhile, new AttemptReport(other));
        health.After(30);

        health.Alpha.AttemptEnded(ref waiting, new AttemptReport(AttemptResult.TimedOut));

        Assert.Equal(failures, health.Alpha.Statistics(HealthWindow.OneDay).Failures);
    }
}
