using EdgeRouter.Core.Identity;

namespace EdgeRouter.Upstreams.Auth;

/// <summary>
/// The current token of one identity. It is renewed ahead of its end, beside the requests that use it; a request waits only while there is no valid one.
/// One renewal runs at a time, and no caller can end it. Thread-safe.
/// </summary>
/// <param name="issue">Issues a token. Its exceptions are <see cref="TokenException"/> and that of the cancellation.</param>
/// <param name="timeout">Longest wait for a token.</param>
/// <param name="time">Clock of the tokens' ends and of the wait.</param>
internal sealed class TokenCache(Func<CancellationToken, Task<AccessToken>> issue, TimeSpan timeout, TimeProvider time)
{
    /// <summary>Renewal begins this long before the end. Identity libraries hand out a token that they have kept until shortly before this.</summary>
    internal static readonly TimeSpan Ahead = TimeSpan.FromMinutes(4);

    /// <summary>A token is not used in its last moments: the request has to reach the provider, whose clock may be ahead.</summary>
    internal static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>Pause between renewals while the token is still valid: one failed, or its issuer returned the same token.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>Pause between renewals while there is no valid token: requests must not drive an issuer that refuses.</summary>
    internal static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private AccessToken? current;
    private Task<AccessToken>? renewal;
    private DateTimeOffset notBefore;
    private DateTimeOffset failedUntil;
    private Task issuing = Task.CompletedTask;

    /// <summary>A valid token.</summary>
    /// <param name="cancellationToken">Ends the caller's wait, and nothing else.</param>
    /// <exception cref="TokenException">There is none.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var token = Volatile.Read(ref current);
        if (token is not null && now < token.ExpiresAt - Ahead) return new(token.Value);
        Task<AccessToken> running;
        lock (gate)
        {
            token = current;
            var valid = token is not null && now < token.ExpiresAt - Margin;
            // A renewal that failed is observed here. Until the pause is over, who needs a token gets its exception too.
            if (renewal is { IsCompleted: true })
            {
                _ = renewal.Exception;
                if (valid || renewal.IsCompletedSuccessfully || now >= failedUntil) renewal = null;
            }
            if (renewal is null && (!valid || now >= notBefore))
            {
                notBefore = now + Pause;
                renewal = RenewAsync();
            }
            if (valid) return new(token!.Value);
            running = renewal!;
        }
        return WaitAsync(running, cancellationToken);
    }

    private static async ValueTask<string> WaitAsync(Task<AccessToken> running, CancellationToken cancellationToken) =>
        (await running.WaitAsync(cancellationToken).ConfigureAwait(false)).Value;

    private async Task<AccessToken> RenewAsync()
    {
        // Leaves the lock, and the request that began it.
        await Task.Yield();
        using var deadline = new CancellationTokenSource(timeout, time);
        try
        {
            // One that is over its time may still be running.
            await issuing.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .WaitAsync(deadline.Token).ConfigureAwait(false);
            var issued = issue(deadline.Token);
            issuing = issued;
            var token = await issued.WaitAsync(deadline.Token).ConfigureAwait(false);
            Volatile.Write(ref current, token);
            return token;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            Pauses();
            throw new TokenException("no token of the router's identity in time", refused: false);
        }
        catch (TokenException)
        {
            Pauses();
            throw;
        }
    }

    private void Pauses()
    {
        lock (gate) failedUntil = time.GetUtcNow() + FailurePause;
    }
}
