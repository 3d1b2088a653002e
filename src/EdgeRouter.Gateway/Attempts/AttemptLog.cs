using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>Every attempt of a request, in order of start. Thread-safe: attempts overlap.</summary>
public sealed class AttemptLog
{
    private readonly Lock gate = new();
    // Most requests need one.
    private readonly List<Attempt> attempts = new(1);

    /// <summary>Adds an attempt that starts.</summary>
    /// <param name="endpoint">The endpoint that it calls.</param>
    /// <param name="timestamp">Now.</param>
    /// <param name="sentBytes">Upper limit of the bytes that it sends.</param>
    public Attempt Start(Endpoint endpoint, long timestamp, int sentBytes = 0)
    {
        var attempt = new Attempt(endpoint, timestamp) { SentBytes = sentBytes };
        lock (gate) attempts.Add(attempt);
        return attempt;
    }

    /// <summary>A copy of the list.</summary>
    public Attempt[] Snapshot()
    {
        lock (gate) return attempts.ToArray();
    }

    /// <summary>Number of attempts that have neither failed nor answered yet.</summary>
    public int Unfinished
    {
        get
        {
            var unfinished = 0;
            lock (gate)
                foreach (var attempt in attempts)
                    if (attempt.Ended is null) unfinished++;
            return unfinished;
        }
    }

    /// <summary>Number of attempts.</summary>
    public int Count
    {
        get
        {
            lock (gate) return attempts.Count;
        }
    }
}
