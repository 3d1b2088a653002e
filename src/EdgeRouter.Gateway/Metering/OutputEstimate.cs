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
/// that was learned of the endpoint, and where it goes on after the connection is closed at least a typical answer. Never more than the attempt may cost.
/// Thread-safe.
/// </summary>
internal sealed class OutputEstimate(HealthRegistry health, RoutingPolicy policy, TimeProvider time, ILogger<OutputEstimate> log)
{
    /// <summary>Output of an attempt, in the unit of the operation, that was cut off; 0: the provider ended it by itself, and what it made was seen.</summary>
    /// <param name="facts">What was asked for.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="charge">What the provider may charge.</param>
    /// <param name="wasSeen">Whether some of the output was seen: then what closing the connection stops was seen, too.</param>
    public long Unseen(RequestFacts facts, Attempt attempt, FailureCharge charge, bool wasSeen)
    {
        if (charge != FailureCharge.PromptAndAnswer || attempt.Sent is not { } sent) return 0;
        var endpoint = attempt.Endpoint;
        var goesOn = endpoint.Provider.AbortStopsBilling is false;
        if (wasSeen && !goesOn) return 0;
        var most = facts.Operation.MaxOutput(facts, endpoint, policy);
        var until = attempt.HasAnswer ? time.GetTimestamp() : attempt.Ended ?? time.GetTimestamp();
        var made = (long)Math.Min(most, time.GetElapsedTime(sent, until).TotalSeconds * ThroughputOf(endpoint, facts.Operation));
        return goesOn ? Math.Min(most, Math.Max(made, facts.Operation.TypicalOutput(endpoint, facts))) : made;
    }

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
