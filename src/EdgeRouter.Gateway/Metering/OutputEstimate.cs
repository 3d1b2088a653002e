using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Metering;

/// <summary>
/// Estimates the output that a provider may have produced, and charge, although the router did not see it: what the endpoint produces in the elapsed time
/// at its learned throughput. If the provider keeps generating after the connection is closed, at least a typical answer. If in that case the caller left
/// and the answer is not read to its end, the most that the attempt may cost, which is never exceeded. Thread-safe.
/// </summary>
internal sealed class OutputEstimate(HealthRegistry health, RoutingPolicy policy, TimeProvider time, ILogger<OutputEstimate> log)
{
    /// <summary>Output of an attempt that was cut off, in the unit of the operation, including what was seen; 0: all of it was seen.</summary>
    /// <param name="facts">What was asked for.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="failure">How it was cut off.</param>
    /// <param name="seen">Output that was seen, or that the provider reported; 0: nothing was seen.</param>
    /// <param name="isReported">Whether the provider reported it, so that none of it is hidden.</param>
    public long EstimateTotal(RequestFacts facts, Attempt attempt, FailureClass failure, long seen, bool isReported)
    {
        var charge = FailureTraits.Of(failure).Charge;
        if (charge == FailureCharge.None || !attempt.MayCost || attempt.Sent is not { } sent) return 0;
        var endpoint = attempt.Endpoint;
        var most = facts.Operation.MaxOutput(facts, endpoint, policy);
        if (most == 0) return 0;
        var isCutOff = charge == FailureCharge.PromptAndAnswer;
        var keepsGenerating = isCutOff && endpoint.Provider.AbortStopsBilling is false;
        // The caller controls when this happens, so the upper bound is charged.
        if (keepsGenerating && failure is FailureClass.CallerGone or FailureClass.TotalTimeout) return most;
        if (seen > 0 && !keepsGenerating)
            return isReported || !facts.Operation.MayHideOutput(facts, endpoint) ? 0 : Math.Min(most, IncludeHidden(facts, attempt, sent, seen));
        if (!isCutOff) return 0;
        var produced = EstimateProduced(sent, attempt.HasAnswer ? time.GetTimestamp() : attempt.Ended ?? time.GetTimestamp(), endpoint, facts.Operation);
        return Math.Min(most, keepsGenerating ? Math.Max(produced, facts.Operation.TypicalOutput(endpoint, facts)) : produced);
    }

    /// <summary>What was seen plus what was produced before the first token, or all that was produced until the last byte if that is more.</summary>
    private long IncludeHidden(RequestFacts facts, Attempt attempt, long sent, long seen)
    {
        if (attempt.Ended is not { } firstToken) return seen;
        var last = attempt.HasAnswer && attempt.Answer is StreamAnswer stream ? Math.Max(stream.LastReceived, firstToken) : firstToken;
        return Math.Max(seen + EstimateProduced(sent, firstToken, attempt.Endpoint, facts.Operation),
            EstimateProduced(sent, last, attempt.Endpoint, facts.Operation));
    }

    private long EstimateProduced(long from, long until, Endpoint endpoint, Operation operation) =>
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
