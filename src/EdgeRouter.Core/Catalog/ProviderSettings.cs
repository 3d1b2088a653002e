namespace EdgeRouter.Core.Catalog;

/// <summary>What the operator sets for one provider (<c>EdgeRouter__Providers__slug__...</c>). Null: as in the provider table or catalog file.</summary>
public sealed record ProviderSettings
{
    /// <summary>The credential.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Base URL; may have placeholders.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Wire format, one of <see cref="WireNames"/>.</summary>
    public string? Dialect { get; init; }

    /// <summary>Authentication, one of <see cref="AuthSchemes"/>.</summary>
    public string? Auth { get; init; }

    /// <summary>Display name.</summary>
    public string? Name { get; init; }

    /// <summary>False: the provider never serves. True: a provider that needs no key serves (a local server at its default base URL).</summary>
    public bool? Enabled { get; init; }

    /// <summary>Query string appended to every request, without the question mark.</summary>
    public string? Query { get; init; }

    /// <summary>Values of the placeholders in the base URL.</summary>
    public Dictionary<string, string> Variables { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the authentication scheme needs beside a key, by the names of <see cref="AuthCredentials"/>, in any case and without <c>_</c>.</summary>
    public Dictionary<string, string> Credentials { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Headers added to (or replacing) the provider's own.</summary>
    public Dictionary<string, string> Headers { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Shows which members are set; never the credential.</summary>
    public override string ToString() =>
        $"{nameof(ProviderSettings)} {{ ApiKey = {(ApiKey is null ? "none" : "set")}, Enabled = {Enabled}, Dialect = {Dialect} }}";
}
