using EdgeRouter.Core.Identity;
using EdgeRouter.TestSupport;
using EdgeRouter.Upstreams.Auth;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Auth;

public sealed class TokenCacheTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly VirtualTimeProvider clock = new();
    private readonly List<TaskCompletionSource<AccessToken>> asked = [];
    private readonly SemaphoreSlim begun = new(0);
    private readonly TokenCache tokens;

    public TokenCacheTests() => tokens = new TokenCache(IssueAsync, TimeSpan.FromSeconds(10), clock);

    public void Dispose() => begun.Dispose();

    [Fact]
    public async Task Requests_without_a_valid_token_wait_for_one_renewal()
    {
        var first = tokens.GetAsync(default).AsTask();
        var second = tokens.GetAsync(default).AsTask();
        await IssuedAsync("one", Hour);

        Assert.Equal(["one", "one"], await Task.WhenAll(first, second));
        Assert.Single(asked);
    }

    [Fact]
    public async Task Valid_token_is_there_at_once_and_asks_for_nothing()
    {
        await FirstAsync("one", Hour);
        clock.Advance(Hour - TokenCache.Ahead - TimeSpan.FromSeconds(1));

        Assert.Equal("one", Now());
        Assert.Single(asked);
    }

    [Fact]
    public async Task Token_near_its_end_is_renewed_beside_the_requests_that_still_use_it()
    {
        await FirstAsync("one", Hour);
        clock.Advance(Hour - TokenCache.Ahead);

        Assert.Equal("one", Now());
        Assert.Equal("one", Now());
        await IssuedAsync("two", Hour);
        await Eventually.TrueAsync(() => Now() == "two");
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public async Task Renewal_that_fails_leaves_the_valid_token_and_is_tried_again_after_a_pause()
    {
        await FirstAsync("one", Hour);
        clock.Advance(Hour - TokenCache.Ahead);
        Assert.Equal("one", Now());
        await begun.WaitAsync();
        asked[^1].SetException(new TokenException("no", refused: true));

        Assert.Equal("one", Now());
        Assert.Equal(2, asked.Count);
        clock.Advance(TokenCache.Pause);
        await Eventually.TrueAsync(() => Now() == "one" && asked.Count == 3);
    }

    [Fact]
    public async Task Token_that_ended_is_not_used_and_the_failure_is_told_to_whoever_waits()
    {
        await FirstAsync("one", Hour);
        clock.Advance(Hour - TokenCache.Margin);
        var waiting = tokens.GetAsync(default).AsTask();
        await begun.WaitAsync();
        asked[^1].SetException(new TokenException("no", refused: true));

        Assert.True((await Assert.ThrowsAsync<TokenException>(() => waiting)).Refused);
        clock.Advance(TokenCache.FailurePause);
        var again = tokens.GetAsync(default).AsTask();
        await IssuedAsync("two", Hour);
        Assert.Equal("two", await again);
    }

    [Fact]
    public async Task Issuer_that_refused_is_not_asked_again_within_the_pause()
    {
        var waiting = tokens.GetAsync(default).AsTask();
        await begun.WaitAsync();
        asked[^1].SetException(new TokenException("no", refused: true));
        await Assert.ThrowsAsync<TokenException>(() => waiting);
        clock.Advance(TokenCache.FailurePause - TimeSpan.FromMilliseconds(1));

        await Assert.ThrowsAsync<TokenException>(() => tokens.GetAsync(default).AsTask());

        Assert.Single(asked);
    }

    [Fact]
    public async Task Caller_that_leaves_does_not_end_the_renewal_for_others()
    {
        using var leaving = new CancellationTokenSource();
        var left = tokens.GetAsync(leaving.Token).AsTask();
        var stays = tokens.GetAsync(default).AsTask();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await IssuedAsync("one", Hour);
        Assert.Equal("one", await stays);
    }

    [Fact]
    public async Task Issuer_that_does_not_answer_ends_the_wait_in_time()
    {
        var waiting = tokens.GetAsync(default).AsTask();
        await begun.WaitAsync();
        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.False((await Assert.ThrowsAsync<TokenException>(() => waiting)).Refused);
    }

    private string? Now()
    {
        var token = tokens.GetAsync(default);
        return token.IsCompletedSuccessfully ? token.Result : null;
    }

    private async Task FirstAsync(string value, TimeSpan life)
    {
        var first = tokens.GetAsync(default).AsTask();
        await IssuedAsync(value, life);
        Assert.Equal(value, await first);
    }

    private async Task IssuedAsync(string value, TimeSpan life)
    {
        await begun.WaitAsync();
        asked[^1].SetResult(new AccessToken(value, clock.GetUtcNow() + life));
    }

    private Task<AccessToken> IssueAsync(CancellationToken cancellationToken)
    {
        var issued = new TaskCompletionSource<AccessToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        asked.Add(issued);
        begun.Release();
        return issued.Task;
    }
}
