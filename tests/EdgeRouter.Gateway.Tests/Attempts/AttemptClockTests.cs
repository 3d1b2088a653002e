using EdgeRouter.Core.Health;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Attempts;

/// <summary>An attempt that is cut off knows by whom.</summary>
public sealed class AttemptClockTests : IDisposable
{
    private readonly VirtualTimeProvider time = new();
    private readonly CancellationTokenSource caller = new();
    private readonly CancellationTokenSource race = new();

    public void Dispose()
    {
        caller.Dispose();
        race.Dispose();
    }

    [Theory]
    [InlineData(FailureClass.FirstTokenTimeout)]
    [InlineData(FailureClass.IdleTimeout)]
    public void Phase_that_takes_too_long_is_a_failure_of_its_class(FailureClass phase)
    {
        var request = new RequestClock(time.GetTimestamp(), TimeSpan.FromMinutes(1), time, caller.Token);
        using var clock = new AttemptClock(request, time, race.Token);
        clock.Arm(TimeSpan.FromSeconds(5), phase);

        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(clock.Token.IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.True(clock.Token.IsCancellationRequested);
        Assert.Equal(phase, clock.ToFailure().Class);
    }

    [Fact]
    public void Each_phase_starts_anew()
    {
        var request = new RequestClock(time.GetTimestamp(), TimeSpan.FromMinutes(1), time, caller.Token);
        using var clock = new AttemptClock(request, time, race.Token);
        for (var i = 0; i < 5; i++)
        {
            clock.Arm(TimeSpan.FromSeconds(5), FailureClass.IdleTimeout);
            time.Advance(TimeSpan.FromSeconds(4));
        }

        Assert.False(clock.Token.IsCancellationRequested);
    }

    [Fact]
    public void Wait_for_somebody_else_is_not_the_providers_but_the_requests()
    {
        var request = new RequestClock(time.GetTimestamp(), TimeSpan.FromMinutes(1), time, caller.Token);
        using var clock = new AttemptClock(request, time, race.Token);
        clock.Arm(TimeSpan.FromSeconds(5), FailureClass.IdleTimeout);

        clock.Disarm();
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(clock.Token.IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.True(clock.Token.IsCancellationRequested);
        Assert.Equal(FailureClass.TotalTimeout, clock.ToFailure().Class);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(60, 30)]
    public void Wait_for_the_provider_that_goes_on_has_the_time_of_its_phase_within_a_limit(int phase, int seconds)
    {
        var request = new RequestClock(time.GetTimestamp(), TimeSpan.FromMinutes(10), time, caller.Token);
        using var clock = new AttemptClock(request, time, race.Token);
        clock.Arm(TimeSpan.FromSeconds(phase), FailureClass.IdleTimeout);
        clock.Disarm();
        time.Advance(TimeSpan.FromSeconds(100));

        clock.Rearm(TimeSpan.FromSeconds(30), FailureClass.IdleTimeout);
        time.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        Assert.False(clock.Token.IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal((true, FailureClass.IdleTimeout), (clock.Token.IsCancellationRequested, clock.ToFailure().Class));
    }

    [Fact]
    public void Attempt_that_has_ended_stays_in_the_phase_that_ended_it()
    {
        var request = new RequestClock(time.GetTimestamp(), TimeSpan.FromMinutes(1), time, caller.Token);
        using var clock = new AttemptClock(request, time, race.Token);
        time.Advance(TimeSpan.FromSeconds(40));
        clock.Arm(TimeSpan.FromSeconds(5), FailureClass.IdleTimeout);
        time.Advance(TimeSpan.FromSeconds(6));

        // As after a keep-alive that was slow to be taken: less than 30 s of the request are left.
        clock.Disarm();
        clock.Rearm(TimeSpan.FromSeconds(30), FailureClass.IdleTimeout);

        Assert.Equal(FailureClass.IdleTimeout, clock.ToFailure().Class);
    }

    [Fact]
    public async Task Race_that_was_lost_before_the_attempt_began_ends_it()
    {
        await race.CancelAsync();
        var request = new RequestClock(time.GetTimestamp(), TimeSpan.FromMinutes(1), time, caller.Token);

        using var clock = new AttemptClock(request, time, race.Token);

        Assert.Equal((true, FailureClass.Cancelled), (clock.Token.IsCancellationRequested, clock.ToFailure().Class));
    }

    [Fact]
    public async Task Winner_does_not_mind_what_becomes_of_its_races_token()
    {
        var request = new RequestClock(time.GetTimestamp(), TimeSpan.FromMinutes(1), time, caller.Token);
        using var clock = new AttemptClock(request, time, race.Token);
        clock.Win();
        clock.Arm(TimeSpan.FromSeconds(5), FailureClass.IdleTimeout);

        await race.CancelAsync();
        Assert.False(clock.Token.IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(FailureClass.IdleTimeout, clock.ToFailure().Class);
    }

    [Fact]
    public async Task Caller_who_leaves_is_not_the_providers_fault()
    {
        var request = new RequestClock(time.GetTimestamp(), TimeSpan.FromMinutes(1), time, caller.Token);
        using var clock = new AttemptClock(request, time, race.Token);

        await caller.CancelAsync();

        Assert.Equal(FailureClass.CallerGone, clock.ToFailure().Class);
        Assert.Equal(Blame.Nobody, clock.ToFailure().Traits.Blame);
    }

    [Fact]
    public void End_of_the_requests_time_ends_every_attempt()
    {
        var request = new RequestClock(time.GetTimestamp(), TimeSpan.FromMinutes(1), time, caller.Token);
        using var clock = new AttemptClock(request, time, race.Token);

        time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(FailureClass.TotalTimeout, clock.ToFailure().Class);
    }

    [Fact]
    public async Task Lost_race_ends_the_attempt_until_it_has_won()
    {
        var request = new RequestClock(time.GetTimestamp(), TimeSpan.FromMinutes(1), time, caller.Token);
        using var loser = new AttemptClock(request, time, race.Token);
        using var winner = new AttemptClock(request, time, race.Token);
        winner.Win();

        await race.CancelAsync();

        Assert.Equal(FailureClass.Cancelled, loser.ToFailure().Class);
        Assert.False(winner.Token.IsCancellationRequested);
    }
}
