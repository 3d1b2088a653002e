namespace EdgeRouter.Core.Errors;

/// <summary>What an error is about, beyond its message. A caller API writes what it has a place for.</summary>
public abstract record ErrorDetails;

/// <summary>There is no such model, or several.</summary>
/// <param name="Model">As the caller wrote it, bounded in length.</param>
public sealed record UnknownModel(string Model) : ErrorDetails
{
    /// <summary>Ids of models that may be meant, best first.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];
}

/// <summary>The router knows the model, and no provider of it serves.</summary>
/// <param name="Model">Its id.</param>
public sealed record UnservedModelAsked(string Model) : ErrorDetails;

/// <summary>Providers failed. Their texts are bounded and hold no secrets.</summary>
/// <param name="Provider">Display name of the last one.</param>
public sealed record ProvidersFailed(string Provider) : ErrorDetails
{
    /// <summary>Its own code of the error; null: none.</summary>
    public string? Code { get; init; }

    /// <summary>The start of its answer; null: there was none, or it must not be shown.</summary>
    public string? Raw { get; init; }

    /// <summary>The failures before it, in order; empty: it was the first.</summary>
    public IReadOnlyList<EarlierFailure> Earlier { get; init; } = [];

    /// <summary>What they all have in common; null: nothing.</summary>
    public Unavailability? Unavailability { get; init; }

    /// <summary>Models that the caller asked for.</summary>
    public IReadOnlyList<string> RequestedModels { get; init; } = [];

    /// <summary>Display names of the providers, each once.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];
}

/// <summary>A failure before the last one.</summary>
/// <param name="Provider">Display name.</param>
/// <param name="Code">The provider's code, or the error's type.</param>
/// <param name="Status">HTTP status.</param>
public sealed record EarlierFailure(string Provider, string Code, int Status);

/// <summary>Why no provider could serve.</summary>
public enum Unavailability
{
    /// <summary>All refused for their rate limits.</summary>
    CapacityExhausted,

    /// <summary>None of them has the model.</summary>
    ModelUnavailable,

    /// <summary>Several failed in ways that pass.</summary>
    Temporary,
}
