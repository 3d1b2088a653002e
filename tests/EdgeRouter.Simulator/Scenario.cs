namespace EdgeRouter.Simulator;

/// <summary>A world to route in: who serves, how many instances route, and how much is asked.</summary>
public sealed record Scenario(IReadOnlyList<SimulatedProvider> Providers)
{
    /// <summary>Router instances, which share health every 5 seconds.</summary>
    public int Instances { get; init; } = 8;

    /// <summary>Requests per second over all instances, arriving at random.</summary>
    public double RequestsPerSecond { get; init; } = 25;

    public double Seconds { get; init; } = 600;

    public int PromptTokens { get; init; } = 1000;

    public int OutputTokens { get; init; } = 300;

    /// <summary>
    /// Ten minutes with a cheap and slow provider, three middling ones of which one fails for a minute and one falls silent, and two dear and fast
    /// ones of which one turns slow.
    /// </summary>
    public static Scenario Standard { get; } = new([
        new SimulatedProvider("alpha", 0.50m, 0.9, 0.5, 40, 8) { Outages = [new Outage(120, 180, OutageKind.Errors)] },
        new SimulatedProvider("beta", 0.55m, 0.6, 0.4, 60, 12),
        new SimulatedProvider("gamma", 0.60m, 0.5, 0.4, 80, 20) { Outages = [new Outage(300, 345, OutageKind.Silence)] },
        new SimulatedProvider("delta", 0.90m, 0.35, 0.3, 120, 40),
        new SimulatedProvider("epsilon", 1.20m, 0.30, 0.3, 150, 60) { Outages = [new Outage(400, 460, OutageKind.Slow)] },
        new SimulatedProvider("zeta", 0.50m, 2.5, 0.8, 20, 6),
    ]);
}

/// <summary>A provider of the one model.</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="Price">USD per million input tokens; output costs three times as much.</param>
/// <param name="FirstToken">Median seconds to the first token.</param>
/// <param name="Spread">Standard deviation of its logarithm.</param>
/// <param name="TokensPerSecond">Speed of the answer.</param>
/// <param name="RequestsPerSecond">What it takes before it answers 429.</param>
public sealed record SimulatedProvider(string Tag, decimal Price, double FirstToken, double Spread, double TokensPerSecond, int RequestsPerSecond)
{
    public IReadOnlyList<Outage> Outages { get; init; } = [];

    /// <summary>What ails it then; null: nothing.</summary>
    public OutageKind? AilmentAt(double second)
    {
        foreach (var outage in Outages)
            if (second >= outage.From && second < outage.Until) return outage.Kind;
        return null;
    }
}

/// <summary>A bad time, in seconds from the start.</summary>
public sealed record Outage(double From, double Until, OutageKind Kind);

/// <summary>Ways to be unwell.</summary>
public enum OutageKind
{
    /// <summary>500 after a fifth of a second.</summary>
    Errors,

    /// <summary>No answer; the attempt is given up after 10 seconds.</summary>
    Silence,

    /// <summary>Six times the usual time to the first token.</summary>
    Slow,
}
