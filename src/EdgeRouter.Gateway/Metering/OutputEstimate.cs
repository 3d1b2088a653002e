using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Metering;

/// <summary>
/// How much output a provider may have made, and charge, that the router did not see: as much as it makes in the time that it had, at the throughput
/// that was learned of the endpoint, and where it goes on after the connection is closed at least a typical answer. Where nobody waits for the rest and it
/// is not read to its end, that rest may be as much as the attempt may cost, which is never exceeded. Thread-safe.
/// </summary>
internal sealed class OutputEstimate(HealthRegistry health, RoutingPolicy policy, TimeProvider time, ILogger<OutputEstimate> log)
{
    /// <summary>Output of an attempt that was cut off, in the unit of the operation, what was seen included; 0: all that it made was seen.</summary>
    /// <param name="facts">What was asked for.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="failure">How it was cut off.</param>
    /// <param name="seen">Output that was seen, or that the provider reported; 0: nothing was seen.</param>
    /// <param name="isReported">Whether the provider reported it, so that none of it is hidden.</param>
    public long Unseen(RequestFacts facts, Attempt attempt, FailureClass failure, long seen, bool isReported)
    {
        var charge = FailureTraits.Of(failure).Charge;
        if (charge == FailureCharge.None || !attempt.MayCost || attempt.Sent is not { } sent) return 0;
        var endpoint = attempt.Endpoint;
        var most = facts.Operation.MaxOutput(facts, endpoint, policy);
        if (most == 0) return 0;
        var isCutOff = charge == FailureCharge.PromptAndAnswer;
        var goesOn = isCutOff && endpoint.Provider.AbortStopsBilling is false;
        // Who does not wait decides how much of it is not seen.
        if (goesOn && failure is FailureClass.CallerGone or FailureClass.TotalTimeout) return most;
        if (seen > 0 && !goesOn)
            return isReported || !facts.Operation.MayHideOutput(facts, endpoint) ? 0 : Math.Min(most, WithHidden(facts, attempt, sent, seen));
        if (!isCutOff) return 0;
        var made = Made(sent, attempt.HasAnswer ? time.GetTimestamp() : attempt.Ended ?? time.GetTimestamp(), endpoint, facts.Operation);
        return Math.Min(most, goesOn ? Math.Max(made, facts.Operation.TypicalOutput(endpoint, facts)) : made);
    }

    /// <summary>What was seen, and what was made before its first token; where it was thinking in between too, all that it made until its last byte.</summary>
    private long WithHidden(RequestFacts facts, Attempt attempt, long sent, long seen)
    {
        if (attempt.Ended is not { } firstToken) return seen;
        var last = attempt.HasAnswer && attempt.Answer is StreamAnswer stream ? Math.Max(stream.LastReceived, firstToken) : firstToken;
        return Math.Max(seen + Made(sent, firstToken, attempt.Endpoint, facts.Operation), Made(sent, last, attempt.Endpoint, facts.Operation));
    }

    private long Made(long from, long until, Endpoint endpoint, Operation operation) =>
        (long)Math.Min(int.MaxValue, time.GetElapsedTime(from, until).TotalSeconds * ThroughputOf(endpoint, operation));

    private double ThroughputOf(Endpoint endpoint, Operation operation)
    {
        try
        {
            return health.Find(endpoint.Id)?.Read().Throughput.Of(operation.OutputUnit) is { } learned && double.IsFinite(learned)
                ? learned : operation.UsualThroughput;
        }
        catch (Exception fault)
        {
            // Statistics that fail must not keep a request from its record.
            GatewayLog.HealthIgnored(log, fault);
            return operation.UsualThroughput;
        }
    }
}
