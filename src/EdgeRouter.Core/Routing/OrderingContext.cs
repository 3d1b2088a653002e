using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing.Affinity;

namespace EdgeRouter.Core.Routing;

/// <summary>What an ordering may use besides the endpoints.</summary>
/// <param name="Request">The request.</param>
/// <param name="Random">The only source of randomness.</param>
public readonly record struct OrderingContext(RequestFacts Request, Random Random)
{
    /// <summary>Health of the endpoints.</summary>
    public HealthView Health { get; init; }

    /// <summary>Cost of waiting and failing.</summary>
    public ValueWeights Weights { get; init; } = ValueWeights.Default;

    /// <summary>Key of the conversation; 0: none. Requests of one conversation draw alike on every instance.</summary>
    public ulong Conversation { get; init; }

    /// <summary>Id of the endpoint that has the prompt in its cache; null: none known.</summary>
    public string? WarmEndpoint { get; init; }

    /// <summary>Tokens in that cache.</summary>
    public long WarmTokens { get; init; }

    /// <summary>Receives scores and reasons; null: not requested.</summary>
    public RouteExplanation? Explanation { get; init; }

    /// <summary>Whether the endpoint has the prompt in its cache.</summary>
    public bool IsWarm(Endpoint endpoint) => WarmEndpoint is not null && string.Equals(WarmEndpoint, endpoint.Id, StringComparison.Ordinal);

    /// <summary>Median output a second of an endpoint in the unit of the request's operation; NaN: no sample, or the output is not counted.</summary>
    public double ThroughputOf(in HealthFigures figures) => figures.Throughput.Of(Request.Operation.OutputUnit);

    /// <summary>Expected USD at an endpoint, a warm cache counted.</summary>
    public double Cost(Endpoint endpoint) => Request.Operation.ExpectedCost(endpoint, Request, IsWarm(endpoint) ? WarmTokens : 0);

    /// <summary>
    /// A number above 0, at most 1, to draw this endpoint by: random, or, within a conversation, the rendezvous hash of conversation and endpoint.
    /// </summary>
    public double Draw(Endpoint endpoint) =>
        Conversation == 0 ? 1 - Random.NextDouble() : StableHash.ToUnit(StableHash.Add(Conversation, endpoint.Id));
}
