namespace EdgeRouter.Gateway.Forwarding;

/// <summary>Makes one attempt at an endpoint: until the first real token of a stream, or the whole answer. Thread-safe.</summary>
internal interface IAttemptRunner
{
    /// <summary>Runs the attempt. Failures are returned; only faults of the router itself are thrown. Takes ownership of <paramref name="clock"/>.</summary>
    ValueTask<AttemptOutcome> RunAsync(GatewayRequest request, AttemptEntry entry, AttemptClock clock);
}
