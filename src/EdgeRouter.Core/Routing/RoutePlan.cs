using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing;

/// <summary>The endpoints that a request may be sent to, in order, and the reasons against the others. Immutable.</summary>
/// <param name="Candidates">Endpoints to try, in order.</param>
/// <param name="Exclusions">Endpoints left out, each with its reason.</param>
/// <param name="Strategy">How the model was found: a word of <see cref="RouteStrategies"/>.</param>
public sealed record RoutePlan(IReadOnlyList<Endpoint> Candidates, IReadOnlyList<Exclusion> Exclusions, string Strategy)
{
    /// <summary>Name of the ordering of the first model's endpoints, one of <see cref="EndpointOrderingNames"/>.</summary>
    public string Ordering { get; init; } = EndpointOrderingNames.Default;

    /// <summary>
    /// Index of the first candidate that must not be called now (its breaker is open, or the provider asked to wait); the number of candidates when
    /// there is none. They are kept behind all others and never removed: when no other candidate is left, they are still tried.
    /// </summary>
    public int LastResortFrom { get; init; }

    /// <summary>True: the statistics failed, and the candidates are in the order that they have without statistics.</summary>
    public bool HealthIgnored { get; init; }

    /// <summary>Scores and reasons; null: not requested.</summary>
    public RouteExplanation? Explanation { get; init; }
}

/// <summary>An endpoint left out of a plan.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">The details, for example the parameter that is not supported.</param>
public sealed record Exclusion(Endpoint Endpoint, ExclusionReason Reason, string Detail);

/// <summary>Why an endpoint was left out.</summary>
public enum ExclusionReason
{
    /// <summary>Not in <c>provider.only</c>.</summary>
    NotInOnly,

    /// <summary>In <c>provider.ignore</c>.</summary>
    Ignored,

    /// <summary>Fallbacks are not allowed and it is not the first or listed.</summary>
    FallbacksNotAllowed,

    /// <summary>A required parameter is not supported.</summary>
    Parameter,

    /// <summary>The endpoint may train on or store prompts.</summary>
    DataCollection,

    /// <summary>Not a zero-data-retention endpoint.</summary>
    DataRetention,

    /// <summary>The author does not permit distillation.</summary>
    NotDistillable,

    /// <summary>Quantization not permitted.</summary>
    Quantization,

    /// <summary>Above the caller's maximum price.</summary>
    MaxPrice,

    /// <summary>Prompt and output do not fit the context. An operation of tokens says so.</summary>
    ContextLength,

    /// <summary>The request is too large for the endpoint in what its operation counts: images, characters, bytes.</summary>
    RequestSize,

    /// <summary>Input or output modality not supported.</summary>
    Modality,

    /// <summary>The endpoint's wire format has no path for the operation.</summary>
    Operation,

    /// <summary>No price known and no ceiling set.</summary>
    NoPrice,

    /// <summary>A tier that serves only when requested.</summary>
    ServiceTier,

    /// <summary>Not in a region in which the data must stay, or the region is not known.</summary>
    Region,

    /// <summary>Another model than the one of the tool loop, or of the signed reasoning in the request.</summary>
    OtherModel,

    /// <summary>Not free, where <c>:free</c> asks for it.</summary>
    NotFree,
}
