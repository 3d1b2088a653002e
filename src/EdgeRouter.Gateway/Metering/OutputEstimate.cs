using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Metering;

/// <summary>
/// How much output a provider may have made, and charge, that the router did not see: as many tokens as it makes in the time that it had, at the speed
/// that was learned of the endpoint, and where it goes on after the connection is closed at least a typical answer. Where nobody waits for the rest and it
/// is not read to its end, that rest may be as much as the attempt may cost, which is never exceeded. Thread-safe.
/// </summary>
internal sealed class OutputEstimate(HealthRegistry health, RoutingPolicy policy, TimeProvider time, ILogger<OutputEstimate> log)
{
    /// <summary>Tokens in a second where nothing was learned: a model of usual size at a usual provider.</summary>
    private const double UsualTokensPerSecond = 50;

    /// <summary>Tokens of an attempt that was cut off, those that were seen included; 0: all that it made was seen.</summary>
    /// <param name="facts">What was asked for.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="failure">How it was cut off.</param>
    /// <param name="seen">Tokens that were seen, or that the provider reported; 0: nothing was seen.</param>
    /// <param name="isReported">Whether the provider reported them, so that none of them is hidden.</param>
    public long Unseen(RequestFacts facts, Attempt attempt, FailureClass failure, long seen, bool isReported)
    {
        var charge = FailureTraits.Of(failure).Charge;
        if (charge == FailureCharge.None || attempt.Sent is not { } sent) return 0;
        var endpoint = attempt.Endpoint;
        var most = facts.Operation.MaxOutputTokens(facts, endpoint, policy);
        var isCutOff = charge == FailureCharge.PromptAndAnswer;
        var goesOn = isCutOff && endpoint.Provider.AbortStopsBilling is false;
        // Who does not wait decides how much of it is not seen.
        if (goesOn && failure is FailureClass.CallerGone or FailureClass.TotalTimeout) return most;
        if (seen > 0 && !goesOn) return isReported || !MayHideReasoning(facts, endpoint) ? 0 : Math.Min(most, WithHidden(attempt, sent, seen));
        if (!isCutOff) return 0;
        var made = Made(sent, attempt.HasAnswer ? time.GetTimestamp() : attempt.Ended ?? time.GetTimestamp(), endpoint);
        return Math.Min(most, goesOn ? Math.Max(made, facts.Operation.TypicalOutputTokens(endpoint, facts)) : made);
    }

    private static bool MayHideReasoning(RequestFacts facts, Endpoint endpoint) =>
        ((facts.Parameters | endpoint.SupportedParameters) & RequestParameters.Reasoning) != 0;

    /// <summary>What was seen, and what was made before its first token; where it was thinking in between too, all that it made until its last byte.</summary>
    private long WithHidden(Attempt attempt, long sent, long seen)
    {
        if (attempt.Ended is not { } firstToken) return seen;
        var last = attempt.HasAnswer && attempt.Answer is StreamAnswer stream ? Math.Max(stream.LastReceived, firstToken) : firstToken;
        return Math.Max(seen + Made(sent, firstToken, attempt.Endpoint), Made(sent, last, attempt.Endpoint));
    }

    private long Made(long from, long until, Endpoint endpoint) =>
        (long)Math.Min(int.MaxValue, time.GetElapsedTime(from, until).TotalSeconds * SpeedOf(endpoint));

    private double SpeedOf(Endpoint endpoint)
    {
        try
        {
            return health.Find(endpoint.Id)?.Read().TokensPerSecond is { } learned && double.IsFinite(learned) ? learned : UsualTokensPerSecond;
        }
        catch (Exception fault)
        {
            // Statistics that fail must not keep a request from its record.
            GatewayLog.HealthIgnored(log, fault);
            return UsualTokensPerSecond;
        }
    }
}
