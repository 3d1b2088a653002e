using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>Every attempt of a request, in order of start. Thread-safe: hedges overlap.</summary>
public sealed class AttemptLog
{
    private readonly Lock gate = new();
    private readonly List<AttemptEntry> entries = [];

    /// <summary>Notes that an attempt starts.</summary>
    public AttemptEntry Start(Endpoint endpoint, long timestamp)
    {
        var entry = new AttemptEntry(endpoint, timestamp);
        lock (gate) entries.Add(entry);
        return entry;
    }

    /// <summary>A copy of the entries.</summary>
    public AttemptEntry[] Snapshot()
    {
        lock (gate) return entries.ToArray();
    }

    /// <summary>Number of attempts that have neither failed nor answered yet.</summary>
    public int Unfinished
    {
        get
        {
            var unfinished = 0;
            lock (gate)
                foreach (var entry in entries)
                    if (entry.Ended is null) unfinished++;
            return unfinished;
        }
    }

    /// <summary>Number of attempts.</summary>
    public int Count
    {
        get
        {
            lock (gate) return entries.Count;
        }
    }
}

/// <summary>One attempt. Its members are written by the attempt alone and read when the request ends.</summary>
public sealed class AttemptEntry(Endpoint endpoint, long started)
{
    /// <summary>Where it went.</summary>
    public Endpoint Endpoint { get; } = endpoint;

    /// <summary>Timestamp of its start.</summary>
    public long Started { get; } = started;

    /// <summary>Timestamp of the first token or failure; null: still waiting when last seen.</summary>
    public long? Ended { get; set; }

    /// <summary>Timestamp at which the request left for the provider: from then on it may cost money; null: it did not.</summary>
    public long? SentTimestamp { get; set; }

    /// <summary>The body that was sent to the provider, for callers who ask to see it; null: nobody does, or it was shown.</summary>
    public byte[]? EchoedBody { get; set; }

    /// <summary>HTTP status of the provider; null: none came.</summary>
    public int? Status { get; set; }

    /// <summary>What it tells the health of its endpoint; null: it was not admitted.</summary>
    public AttemptHealth? Health { get; set; }

    /// <summary>What of the request's hold covers it; zero: nothing does, or need.</summary>
    public NanoDollars Cover { get; set; }

    /// <summary>It was paid for out of the retry budget of its provider.</summary>
    public bool SpentRetry { get; set; }

    /// <summary>Nothing was sent, because the request cannot be said to this endpoint.</summary>
    public bool Refused { get; set; }

    /// <summary>How it failed; null: it did not, or has not yet.</summary>
    public UpstreamFailure? Failure { get; set; }

    /// <summary>What the provider may charge for it when it does not serve. One that never ended was cut off.</summary>
    public FailureCharge Charge => SentTimestamp is null ? FailureCharge.None : FailureTraits.Of(Failure?.Class ?? FailureClass.Cancelled).Charge;
}
