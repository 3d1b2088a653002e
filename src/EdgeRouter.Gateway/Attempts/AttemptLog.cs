using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>Every attempt of a request, in order of start. Thread-safe: attempts overlap.</summary>
public sealed class AttemptLog
{
    // Most requests need one. Locked by itself: a lock of its own would be an object more for each request.
    private readonly List<Attempt> attempts = new(1);

    /// <summary>Adds an attempt that starts.</summary>
    /// <param name="endpoint">The endpoint that it calls.</param>
    /// <param name="timestamp">Now.</param>
    /// <param name="sentBytes">Upper limit of the bytes that it sends.</param>
    public Attempt Start(Endpoint endpoint, long timestamp, int sentBytes = 0)
    {
        var attempt = new Attempt(endpoint, timestamp) { SentBytes = sentBytes };
        lock (attempts) attempts.Add(attempt);
        return attempt;
    }

    /// <summary>A copy of the list.</summary>
    public Attempt[] Snapshot()
    {
        lock (attempts) return attempts.ToArray();
    }

    /// <summary>Number of attempts that have neither failed nor answered yet.</summary>
    public int Unfinished
    {
        get
        {
            var unfinished = 0;
            lock (attempts)
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
            lock (attempts) return attempts.Count;
        }
    }
}
