using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing;

/// <summary>Where a request may go, in order, and why not elsewhere. Immutable.</summary>
/// <param name="Candidates">Endpoints to try, in order.</param>
/// <param name="Exclusions">Endpoints left out, each with its reason.</param>
/// <param name="Strategy">How the model was found: a word of <see cref="RouteStrategies"/>.</param>
public sealed record RoutePlan(IReadOnlyList<Endpoint> Candidates, IReadOnlyList<Exclusion> Exclusions, string Strategy)
{
    /// <summary>Name of the ordering of the first model's endpoints, one of <see cref="EndpointOrderingNames"/>.</summary>
    public string Ordering { get; init; } = EndpointOrderingNames.Default;

    /// <summary>
    /// Index of the first candidate that must not be called now (its breaker is open, or the provider asked to wait); the number of candidates when
    /// there is none. They are kept behind all others, never struck out: where nothing else is left, a slim chance beats none.
    /// </summary>
    public int LastResortFrom { get; init; }

    /// <summary>True: the statistics failed, and the candidates stand in the order that they would have without any.</summary>
    public bool HealthIgnored { get; init; }

    /// <summary>Scores and reasons; null: nobody asked.</summary>
    public RouteExplanation? Explanation { get; init; }
}

/// <summary>An endpoint left out of a plan.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">What exactly, for people, for example the parameter that is not supported.</param>
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

    /// <summary>Too dear.</summary>
    MaxPrice,

    /// <summary>Prompt and output do not fit.</summary>
    ContextLength,

    /// <summary>Input or output modality not supported.</summary>
    Modality,

    /// <summary>The endpoint's wire format has no path for the operation.</summary>
    Operation,

    /// <summary>No price known and no ceiling set.</summary>
    NoPrice,

    /// <summary>A tier that must be asked for.</summary>
    ServiceTier,

    /// <summary>Not in a region where the data must stay, or not known where.</summary>
    Region,

    /// <summary>Another model than the one that is in the middle of a piece of work, or whose signed reasoning the request holds.</summary>
    OtherModel,

    /// <summary>Not free, where <c>:free</c> asks for it.</summary>
    NotFree,
}
