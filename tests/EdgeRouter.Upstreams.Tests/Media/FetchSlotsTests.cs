using EdgeRouter.Upstreams.Media;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Media;

/// <summary>Who may fetch when not all can.</summary>
public sealed class FetchSlotsTests
{
    private readonly FetchSlots slots = new(4);

    [Fact]
    public void Only_caller_has_every_turn()
    {
        for (var i = 0; i < 4; i++) Assert.True(Enter("one").IsCompletedSuccessfully);

        Assert.False(Enter("one").IsCompleted);
    }

    [Fact]
    public async Task Caller_who_waits_gets_turns_until_each_has_half()
    {
        for (var i = 0; i < 4; i++) await Enter("one");
        var more = Enumerable.Range(0, 3).Select(_ => Enter("one")).ToArray();
        var other = Enumerable.Range(0, 3).Select(_ => Enter("other")).ToArray();

        for (var i = 0; i < 3; i++) slots.Leave("one");

        // One of the first caller's four is left, and one of those who came before the other caller.
        await Task.WhenAll(other[0], other[1], more[0]).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((false, false), (more[1].IsCompleted, other[2].IsCompleted));
    }

    [Fact]
    public async Task Caller_who_has_half_gets_the_rest_when_the_other_one_is_done()
    {
        await Enter("other");
        for (var i = 0; i < 2; i++) await Enter("one");
        var rest = Enumerable.Range(0, 2).Select(_ => Enter("one")).ToArray();
        Assert.DoesNotContain(rest, waiting => waiting.IsCompleted);

        slots.Leave("other");

        await Task.WhenAll(rest).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Caller_who_gives_up_takes_no_turn_and_keeps_none_from_the_others()
    {
        for (var i = 0; i < 4; i++) await Enter("one");
        using var leaving = new CancellationTokenSource();
        var gone = slots.EnterAsync("other", leaving.Token).AsTask();
        var first = Enter("one");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slots.EnterAsync("other", leaving.Token).AsTask());

        slots.Leave("one");

        await first.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(Enter("one").IsCompleted);
    }

    [Fact]
    public async Task Turns_are_never_more_than_there_are_and_none_is_lost()
    {
        var (running, most) = (0, 0);
        await Parallel.ForAsync(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            using var leaving = new CancellationTokenSource();
            var entering = slots.EnterAsync($"caller {i % 3}", leaving.Token).AsTask();
            if (i % 5 == 0) await leaving.CancelAsync();
            try
            {
                await entering;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            slots.Leave($"caller {i % 3}");
        });

        Assert.InRange(most, 1, 4);
        for (var i = 0; i < 4; i++) Assert.True(Enter("one").IsCompletedSuccessfully);
    }

    private Task Enter(string callerId) => slots.EnterAsync(callerId, CancellationToken.None).AsTask();

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            if (Interlocked.CompareExchange(ref most, value, seen) == seen) return;
    }
}
