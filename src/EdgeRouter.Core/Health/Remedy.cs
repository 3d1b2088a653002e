namespace EdgeRouter.Core.Health;

/// <summary>What may be tried after a failure. A set; the forwarder uses what the plan offers.</summary>
[Flags]
public enum Remedy
{
    /// <summary>Nothing: the failure is the answer.</summary>
    Stop = 0,

    /// <summary>The same endpoint, after its Retry-After or a pause. Exactly the transient failures permit it.</summary>
    SameEndpointLater = 1,

    /// <summary>Another endpoint of the same model.</summary>
    NextEndpoint = 2,

    /// <summary>Another endpoint of the same model if its context (or output) limit is larger.</summary>
    LargerEndpoint = 4,

    /// <summary>The next of the caller's fallback models.</summary>
    NextModel = 8,
}
