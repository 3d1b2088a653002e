using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Tests.Forwarding;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Attempts;

/// <summary>What becomes of an attempt when nobody waits for its answer any more.</summary>
public sealed class ReadingOnTests : IDisposable
{
    private readonly VirtualTimeProvider time = new();
    private readonly CancellationTokenSource caller = new();
    private readonly ReadingOn readingOn = new(RouterSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["EdgeRouter:Limits:ReadOnSeconds"] = "20",
        ["EdgeRouter:Limits:ReadOnAtOnce"] = "4",
    }).Build()));

    public void Dispose()
    {
        caller.Dispose();
        readingOn.Dispose();
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(null, false)]
    public async Task Attempt_goes_on_only_where_its_provider_does(bool? abortStopsBilling, bool goesOn)
    {
        using var clock = Clock(abortStopsBilling);

        await caller.CancelAsync();

        Assert.Equal(!goesOn, clock.Token.IsCancellationRequested);
        Assert.Equal(goesOn ? 1 : 0, readingOn.Count);
        Assert.Equal(FailureClass.CallerGone, clock.ToFailure().Class);
    }

    [Fact]
    public async Task Attempt_that_was_not_sent_yet_ends()
    {
        using var clock = Clock(abortStopsBilling: false, isSent: false);

        await caller.CancelAsync();

        Assert.True(clock.Token.IsCancellationRequested);
        Assert.Equal(0, readingOn.Count);
    }

    [Fact]
    public async Task It_ends_in_time_however_its_phases_are_armed()
    {
        using var clock = Clock(abortStopsBilling: false);
        await caller.CancelAsync();

        for (var i = 0; i < 3; i++)
        {
            clock.Arm(TimeSpan.FromSeconds(10), FailureClass.IdleTimeout);
            time.Advance(TimeSpan.FromSeconds(6));
            Assert.False(clock.Token.IsCancellationRequested);
        }
        clock.Arm(TimeSpan.FromSeconds(10), FailureClass.IdleTimeout);
        time.Advance(TimeSpan.FromSeconds(2.1));

        Assert.True(clock.Token.IsCancellationRequested);
        Assert.Equal(FailureClass.CallerGone, clock.ToFailure().Class);
    }

    [Fact]
    public async Task No_more_than_the_limit_go_on_and_each_gives_its_place_back_once()
    {
        var clocks = Enumerable.Range(0, 6).Select(i => Clock(abortStopsBilling: false, $"caller {i}")).ToArray();

        await caller.CancelAsync();

        Assert.Equal(2, clocks.Count(clock => clock.Token.IsCancellationRequested));
        Assert.All(clocks, clock => Assert.Equal(!clock.Token.IsCancellationRequested, clock.TryReadOn()));
        Assert.Equal(4, readingOn.Count);
        foreach (var clock in clocks)
        {
            clock.Dispose();
            clock.Dispose();
        }
        Assert.Equal(0, readingOn.Count);
    }

    [Fact]
    public void Only_caller_has_all_of_them()
    {
        Assert.Equal(4, Enter("only", 6));

        Leave("only", 4);
        Assert.Equal(0, readingOn.Count);
    }

    [Fact]
    public void One_caller_has_half_of_them_while_another_has_some()
    {
        Enter("modest", 1);
        Assert.Equal(2, Enter("greedy", 4));

        Leave("modest", 1);
        Assert.Equal(2, Enter("greedy", 4));
    }

    [Fact]
    public void Caller_who_found_all_taken_keeps_the_others_at_half_until_it_has_one()
    {
        Enter("greedy", 4);
        Assert.Equal(0, Enter("modest", 1));
        Leave("greedy", 3);

        Assert.Equal((1, 2), (Enter("greedy", 4), Enter("modest", 4)));

        Leave("modest", 2);
        Assert.Equal(2, Enter("greedy", 4));
    }

    [Fact]
    public async Task Instance_that_stops_ends_it()
    {
        using var clock = Clock(abortStopsBilling: false);
        await caller.CancelAsync();

        await readingOn.StoppingAsync(CancellationToken.None);

        Assert.True(clock.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Platform_that_does_not_wait_is_told_apart_from_a_caller_who_leaves()
    {
        var request = new RequestClock(time.GetTimestamp(), TimeSpan.FromMinutes(1), time, caller.Token);
        using var clock = new AttemptClock(request, time, CancellationToken.None, readingOn, AttemptAt(ProviderOf(true)));

        request.Expire();
        await caller.CancelAsync();

        Assert.True(request.IsOver);
        Assert.False(request.CallerGone);
        Assert.Equal(FailureClass.TotalTimeout, clock.ToFailure().Class);
    }

    /// <summary>How many of so many tries succeed.</summary>
    private int Enter(string callerId, int tries) => Enumerable.Range(0, tries).Count(_ => readingOn.TryEnter(ProviderOf(false), callerId));

    private void Leave(string callerId, int times)
    {
        for (var i = 0; i < times; i++) readingOn.Leave(callerId);
    }

    private AttemptClock Clock(bool? abortStopsBilling, string callerId = "", bool isSent = true) =>
        new(new RequestClock(time.GetTimestamp(), TimeSpan.FromMinutes(1), time, caller.Token), time,
            CancellationToken.None, readingOn, AttemptAt(ProviderOf(abortStopsBilling), isSent), callerId);

    private static Attempt AttemptAt(Provider provider, bool isSent = true)
    {
        var attempt = new Attempt(Candidates.At(provider), 0);
        if (isSent) attempt.Sending();
        return attempt;
    }

    private static Provider ProviderOf(bool? abortStopsBilling) =>
        new() { Slug = "a", Name = "a", Wire = WireNames.OpenAIChat, Auth = AuthSchemes.None, AbortStopsBilling = abortStopsBilling };
}
