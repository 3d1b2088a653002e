using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing.Operations;

namespace EdgeRouter.Core.Routing;

/// <summary>The operator's settings for routing. Immutable.</summary>
public sealed record RoutingPolicy
{
    /// <summary>Model for requests that name none; null: they get a 400.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>Price assumed for endpoints without one; null: they are refused.</summary>
    public Pricing? CeilingPrice { get; init; }

    /// <summary>Regions in which all data must stay, for example <c>eu</c>; null: anywhere. A request's own list narrows it.</summary>
    public IReadOnlyList<string>? DataRegions { get; init; }

    /// <summary>
    /// Names of providers that need not serve on this router: they are allowed in preferences, unknown names are errors. Null: any name is
    /// allowed.
    /// </summary>
    public IProviderNames? ProvidersElsewhere { get; init; }

    /// <summary>Cost of waiting and failing, for the <c>value</c> ordering.</summary>
    public ValueWeights Weights { get; init; } = ValueWeights.Default;

    /// <summary>Parameters that each wire format can carry, by its name.</summary>
    public FrozenDictionary<string, RequestParameters> CarriedByWire { get; init; } = FrozenDictionary<string, RequestParameters>.Empty;

    /// <summary>Names of the operations that each wire format has a path for, by its name; a format that is not in it has a path for all.</summary>
    public FrozenDictionary<string, FrozenSet<string>> OperationsByWire { get; init; } = FrozenDictionary<string, FrozenSet<string>>.Empty;

    /// <summary>Whether the endpoint's wire format has a path for an operation.</summary>
    public bool HasPath(Endpoint endpoint, Operation operation) =>
        !OperationsByWire.TryGetValue(endpoint.Provider.Wire, out var operations) || operations.Contains(operation.Name);

    /// <summary>The parameters that reach the endpoint's model: carried by the wire, listed for the endpoint, not refused by the provider.</summary>
    public RequestParameters Supported(Endpoint endpoint)
    {
        var carried = CarriedByWire.TryGetValue(endpoint.Provider.Wire, out var set) ? set : RequestParameters.None;
        return (endpoint.SupportedParameters | RequestParameterNames.NeverListed) & carried & ~endpoint.Provider.RefusedParameters;
    }
}
