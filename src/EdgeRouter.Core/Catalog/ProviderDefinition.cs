namespace EdgeRouter.Core.Catalog;

/// <summary>
/// A row of the provider table or of a catalog file's <c>providers</c>, before settings. Null: the row does not have the member. Immutable. Together
/// with <see cref="ProviderSettings"/> it becomes a <see cref="Provider"/>.
/// </summary>
public sealed record ProviderDefinition
{
    /// <summary>Routing slug: lower case letters, digits, <c>-</c>, <c>.</c> and <c>/</c>.</summary>
    public required string Slug { get; init; }

    /// <summary>Display name.</summary>
    public string? Name { get; init; }

    /// <summary>Wire format, one of <see cref="WireNames"/>.</summary>
    public string? Dialect { get; init; }

    /// <summary>Base URL; <c>{name}</c> stands for a variable.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Authentication, one of <see cref="AuthSchemes"/>.</summary>
    public string? Auth { get; init; }

    /// <summary>True for servers on the operator's own machine: they need no credential, and serve only when a base URL is set or they are enabled.</summary>
    public bool? Local { get; init; }

    /// <summary>Environment variables that customarily hold the key, best first.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Where the placeholders of the base URL take their values when settings do not give them.</summary>
    public IReadOnlyDictionary<string, VariableSource>? Variables { get; init; }

    /// <summary>Where the credentials of its scheme come from when settings do not give them, by the names of <see cref="AuthCredentials"/>.</summary>
    public IReadOnlyDictionary<string, VariableSource>? Credentials { get; init; }

    /// <summary>The router's name of a parameter to the provider's.</summary>
    public IReadOnlyDictionary<string, string>? ParameterRenames { get; init; }

    /// <summary>Parameters that the provider answers with an error.</summary>
    public RequestParameters? RefusedParameters { get; init; }

    /// <summary>Whether <c>stream_options.include_usage</c> may be sent; null: yes.</summary>
    public bool? AcceptsStreamOptions { get; init; }

    /// <summary>Whether closing the connection stops billing; null: not known.</summary>
    public bool? AbortStopsBilling { get; init; }

    /// <summary>Where the provider counts cached tokens.</summary>
    public CachedTokenCounting? CachedTokens { get; init; }

    /// <summary>How its endpoints continue an assistant message.</summary>
    public AssistantPrefill? Prefill { get; init; }

    /// <summary>Path of conversations in place of the wire's own; <c>{model}</c> stands for the endpoint's model.</summary>
    public string? Path { get; init; }

    /// <summary>The same for streams; null: as <see cref="Path"/>.</summary>
    public string? StreamPath { get; init; }

    /// <summary>Version of Anthropic's Messages that the body names; the model is then not in the body.</summary>
    public string? MessagesVersion { get; init; }

    /// <summary>Fixed headers.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Query string appended to every request, without the question mark.</summary>
    public string? Query { get; init; }

    /// <summary>ISO country of the headquarters.</summary>
    public string? Headquarters { get; init; }

    /// <summary>ISO countries of the data centres.</summary>
    public IReadOnlyList<string>? Datacenters { get; init; }

    /// <summary>What happens to prompts.</summary>
    public DataPolicy? DataPolicy { get; init; }

    /// <summary>Privacy policy page.</summary>
    public string? PrivacyPolicyUrl { get; init; }

    /// <summary>Terms page.</summary>
    public string? TermsOfServiceUrl { get; init; }

    /// <summary>Status page.</summary>
    public string? StatusPageUrl { get; init; }

    /// <summary>Where the row's facts come from.</summary>
    public string? Source { get; init; }

    /// <summary>Date of the facts, <c>YYYY-MM-DD</c>.</summary>
    public string? SourceDate { get; init; }

    /// <summary>This row with every member that <paramref name="later"/> has replaced by it; the slug stays.</summary>
    public ProviderDefinition MergedWith(ProviderDefinition later) => this with
    {
        Name = later.Name ?? Name,
        Dialect = later.Dialect ?? Dialect,
        BaseUrl = later.BaseUrl ?? BaseUrl,
        Auth = later.Auth ?? Auth,
        Local = later.Local ?? Local,
        Env = later.Env ?? Env,
        Variables = later.Variables ?? Variables,
        Credentials = later.Credentials ?? Credentials,
        ParameterRenames = later.ParameterRenames ?? ParameterRenames,
        RefusedParameters = later.RefusedParameters ?? RefusedParameters,
        AcceptsStreamOptions = later.AcceptsStreamOptions ?? AcceptsStreamOptions,
        AbortStopsBilling = later.AbortStopsBilling ?? AbortStopsBilling,
        CachedTokens = later.CachedTokens ?? CachedTokens,
        Prefill = later.Prefill ?? Prefill,
        Path = later.Path ?? Path,
        StreamPath = later.StreamPath ?? StreamPath,
        MessagesVersion = later.MessagesVersion ?? MessagesVersion,
        Headers = later.Headers ?? Headers,
        Query = later.Query ?? Query,
        Headquarters = later.Headquarters ?? Headquarters,
        Datacenters = later.Datacenters ?? Datacenters,
        DataPolicy = later.DataPolicy ?? DataPolicy,
        PrivacyPolicyUrl = later.PrivacyPolicyUrl ?? PrivacyPolicyUrl,
        TermsOfServiceUrl = later.TermsOfServiceUrl ?? TermsOfServiceUrl,
        StatusPageUrl = later.StatusPageUrl ?? StatusPageUrl,
        Source = later.Source ?? Source,
        SourceDate = later.SourceDate ?? SourceDate,
    };
}

/// <summary>Where the value of a placeholder or of a credential comes from.</summary>
/// <param name="Env">Environment variables that customarily hold it, best first.</param>
/// <param name="Default">Value when nothing else gives one; null: none.</param>
public sealed record VariableSource(IReadOnlyList<string> Env, string? Default);
