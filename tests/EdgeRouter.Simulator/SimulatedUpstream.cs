using EdgeRouter.Core.Health;

namespace EdgeRouter.Simulator;

/// <summary>A provider as the routers meet it. Luck depends on the request and the provider alone, so that every policy has the same.</summary>
internal sealed class SimulatedUpstream(SimulatedProvider provider, int number, int seed)
{
    private const double GiveUpAfter = 10;
    private const double RefusalAfter = 0.05;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);
    private readonly Queue<double> lastSecond = new();
    private readonly Dictionary<int, (double From, double Until)> askedToWait = [];

    public SimulatedProvider Provider => provider;

    /// <summary>Calls that failed.</summary>
    public int FailedCalls { get; private set; }

    /// <summary>Calls of a router that had been asked to wait and did not.</summary>
    public int HammeringCalls { get; private set; }

    /// <summary>What becomes of a call.</summary>
    public Fate Call(int router, int request, double now)
    {
        // What was sent before the answer had arrived is no disobedience.
        var (from, until) = askedToWait.GetValueOrDefault(router);
        if (now > from && now < until) HammeringCalls++;
        var fate = Meet(router, request, now);
        if (fate.Result != AttemptResult.Answered) FailedCalls++;
        return fate;
    }

    private Fate Meet(int router, int request, double now)
    {
        var until = askedToWait.GetValueOrDefault(router).Until;
        var ailment = provider.AilmentAt(now);
        if (ailment == OutageKind.Errors) return new Fate(AttemptResult.ServerFault, 0.2, null);
        if (ailment == OutageKind.Silence) return new Fate(AttemptResult.TimedOut, GiveUpAfter, null);
        while (lastSecond.Count > 0 && lastSecond.Peek() <= now - 1) lastSecond.Dequeue();
        if (lastSecond.Count >= provider.RequestsPerSecond)
        {
            var told = now + RefusalAfter;
            if (told >= until) askedToWait[router] = (told, told + RetryAfter.TotalSeconds);
            return new Fate(AttemptResult.RateLimited, RefusalAfter, RetryAfter);
        }
        lastSecond.Enqueue(now);
        var luck = new Random(unchecked(seed * 1_000_003 + request * 101 + number));
        var normal = Math.Sqrt(-2 * Math.Log(1 - luck.NextDouble())) * Math.Cos(2 * Math.PI * luck.NextDouble());
        var firstToken = provider.FirstToken * Math.Exp(provider.Spread * normal) * (ailment == OutageKind.Slow ? 6 : 1);
        return firstToken < GiveUpAfter ? new Fate(AttemptResult.Answered, firstToken, null) : new Fate(AttemptResult.TimedOut, GiveUpAfter, null);
    }
}

/// <summary>What becomes of a call.</summary>
/// <param name="Result">How it ends.</param>
/// <param name="After">Seconds until the first token or the failure.</param>
/// <param name="RetryAfter">Wait asked for.</param>
internal readonly record struct Fate(AttemptResult Result, double After, TimeSpan? RetryAfter);
