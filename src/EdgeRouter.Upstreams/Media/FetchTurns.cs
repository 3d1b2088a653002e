namespace EdgeRouter.Upstreams.Media;

/// <summary>Turns to fetch, which all requests of the process share, and at most half of which one caller has. Thread-safe.</summary>
/// <param name="most">Fetches at once.</param>
internal sealed class FetchTurns(int most) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Share> shares = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turns = new(most);

    /// <summary>Waits for a turn; every one is given back by <see cref="Leave"/>.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled: there is no turn to give back.</exception>
    public async ValueTask EnterAsync(string caller, CancellationToken cancellationToken)
    {
        var share = Take(caller);
        try
        {
            await share.Turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Return(caller, share);
            throw;
        }
        try
        {
            await turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            share.Turns.Release();
            Return(caller, share);
            throw;
        }
    }

    /// <summary>Gives a turn back.</summary>
    public void Leave(string caller)
    {
        turns.Release();
        Share share;
        lock (gate) share = shares[caller];
        share.Turns.Release();
        Return(caller, share);
    }

    public void Dispose() => turns.Dispose();

    private Share Take(string caller)
    {
        lock (gate)
        {
            if (!shares.TryGetValue(caller, out var share)) shares.Add(caller, share = new Share(Math.Max(1, most / 2)));
            share.Users++;
            return share;
        }
    }

    /// <summary>A caller of whom nothing is fetched any more is forgotten.</summary>
    private void Return(string caller, Share share)
    {
        lock (gate)
        {
            if (--share.Users > 0) return;
            shares.Remove(caller);
        }
        share.Turns.Dispose();
    }

    private sealed class Share(int most)
    {
        public SemaphoreSlim Turns { get; } = new(most);

        public int Users { get; set; }
    }
}
