using System.Collections.Frozen;
using EdgeRouter.Core.Catalog.Reading;

namespace EdgeRouter.Core.Catalog.Building;

/// <summary>
/// Decides which providers serve, and makes a <see cref="Provider"/> of each: definition, settings and customary environment variables merged.
/// </summary>
internal sealed class ProviderResolver(CatalogSources sources, ErrorList errors)
{
    private const string Document = "settings";
    private readonly Dictionary<string, ProviderSettings> settingsBySlug = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> documentOfRow = new(StringComparer.Ordinal);
    private readonly List<CatalogError> skipped = [];

    /// <summary>Providers of the provider table alone that have a credential but cannot serve in this process, with the reason.</summary>
    public IReadOnlyList<CatalogError> Skipped => skipped;

    /// <summary>The environment variable that would make a provider serve; null: it serves, or no variable would. Only after they were resolved.</summary>
    public string? FindMissingSetting(ProviderDefinition row)
    {
        var settings = settingsBySlug.GetValueOrDefault(row.Slug) ?? new ProviderSettings();
        if (settings.Enabled == false || (settings.Dialect ?? row.Dialect) is not { } dialect) return null;
        var key = settings.ApiKey is { Length: > 0 } given ? given : FirstSet(row.Env) ?? FromOwnVariable(row, settings);
        var auth = settings.Auth ?? row.Auth ?? AuthSchemes.Bearer;
        if (FindUnsupported(settings, dialect, auth) is not null) return null;
        if (auth == AuthSchemes.None || row.Local == true) return $"EdgeRouter__Providers__{Normalise(row.Slug).Replace('-', '_')}__Enabled";
        if (key is null) return row.Env is [var customary, ..] ? customary : $"EdgeRouter__Providers__{Normalise(row.Slug).Replace('-', '_')}__ApiKey";
        foreach (var (name, source) in row.Variables ?? new Dictionary<string, VariableSource>())
            if (ValueOf(name, row, settings) is null && source.Env is [var variable, ..]) return variable;
        return null;
    }

    /// <summary>Merges the documents' rows over the provider table and resolves each row. Slugs given by settings alone become rows too.</summary>
    /// <param name="documents">Rows of each document, in order, with the document's name.</param>
    /// <param name="definitions">Receives all rows by slug, whether they serve or not.</param>
    /// <returns>The providers that serve, by slug.</returns>
    public Dictionary<string, Provider> Resolve(
        IReadOnlyList<(string Document, List<ProviderDefinition> Rows)> documents, Dictionary<string, ProviderDefinition> definitions)
    {
        var placedByOperator = new HashSet<string>(StringComparer.Ordinal);
        foreach (var provider in sources.Providers) definitions[provider.Slug] = provider;
        foreach (var (document, rows) in documents)
        {
            foreach (var row in rows)
            {
                definitions[row.Slug] = definitions.TryGetValue(row.Slug, out var earlier) ? earlier.MergedWith(row) : row;
                if (row.BaseUrl is not null) placedByOperator.Add(row.Slug);
                documentOfRow[row.Slug] = document;
                CheckComplete(document, definitions[row.Slug]);
            }
        }
        ReadSettings(definitions);
        var serving = new Dictionary<string, Provider>(StringComparer.Ordinal);
        foreach (var definition in definitions.Values)
        {
            var settings = settingsBySlug.GetValueOrDefault(definition.Slug) ?? new ProviderSettings();
            var placed = settings.BaseUrl is not null || placedByOperator.Contains(definition.Slug);
            if (Resolve(definition, settings, placed) is { } provider) serving.Add(provider.Slug, provider);
        }
        return serving;
    }

    private void CheckComplete(string document, ProviderDefinition row)
    {
        if (row.Dialect is null) errors.Add(document, $"providers.{row.Slug}.dialect", ExpectOneOf(sources.Wires));
        else if (row.BaseUrl is null) errors.Add(document, $"providers.{row.Slug}.base_url", "expected a URL");
    }

    private void ReadSettings(Dictionary<string, ProviderDefinition> definitions)
    {
        foreach (var (name, settings) in sources.Settings)
        {
            var spelled = Normalise(name);
            var slug = definitions.Keys.FirstOrDefault(known => Normalise(known) == spelled) ?? spelled;
            if (!settingsBySlug.TryAdd(slug, settings)) Fault(slug, "", "expected one spelling of the slug; it is set in two, such as gpu-box and gpu_box");
            if (settings.Dialect is { } dialect && !sources.Wires.Contains(dialect)) Fault(slug, ".Dialect", ExpectOneOf(sources.Wires));
            if (settings.Auth is { } auth && !sources.AuthSchemes.Contains(auth)) Fault(slug, ".Auth", ExpectOneOf(sources.AuthSchemes));
            foreach (var credential in settings.Credentials.Keys)
                if (!AuthCredentials.All.Any(known => IsCredential(credential, known)))
                    Fault(slug, $".Credentials.{credential}", ExpectOneOf(AuthCredentials.All));
            if (definitions.ContainsKey(slug)) continue;
            if (settings.BaseUrl is null || settings.Dialect is null || !CatalogVocabulary.IsSlug(slug))
                Fault(slug, "", "expected a slug of the provider table or of a catalog file, or BaseUrl and Dialect of a provider of your own");
            else definitions.Add(slug, new ProviderDefinition { Slug = slug });
        }
    }

    private Provider? Resolve(ProviderDefinition row, ProviderSettings settings, bool placedByOperator)
    {
        if (settings.Enabled == false) return null;
        var customary = settings.ApiKey is { Length: > 0 } ? null : FirstSet(row.Env) ?? FromOwnVariable(row, settings);
        var key = settings.ApiKey is { Length: > 0 } given ? given : customary;
        var auth = settings.Auth ?? row.Auth ?? (key is null ? AuthSchemes.None : AuthSchemes.Bearer);
        if (row.Local == true && key is null) auth = AuthSchemes.None;
        var dialect = settings.Dialect ?? row.Dialect;
        if (dialect is null) return null; // reported above
        var credentials = CredentialsOf(row, settings);
        var suffice = AuthCredentials.Suffice(auth, credentials);
        if (!Serves(row, auth, key is not null || suffice, placedByOperator || settings.Enabled == true, settings.Enabled == true)) return null;
        if (FindUnsupported(settings, dialect, auth) is { } reason)
        {
            // What the operator did not configure must not stop the router: the key may be in the environment for another program.
            if (settingsBySlug.ContainsKey(row.Slug)) Fault(row.Slug, "", reason);
            else if (documentOfRow.TryGetValue(row.Slug, out var document)) errors.Add(document, $"providers.{row.Slug}", reason);
            else skipped.Add(new CatalogError("provider table", row.Slug, reason));
            return null;
        }

        var filled = BaseUrl.Fill(settings.BaseUrl ?? row.BaseUrl ?? "", name => ValueOf(name, row, settings), out var fault);
        // What customary variables hold does not have to be used: without a value for the base URL's placeholder the provider is left out.
        var isCustomary = customary is not null || (suffice && settings.Credentials.Count == 0);
        if (filled is null && isCustomary && settings.Enabled != true) return null;
        var baseUrl = filled is null ? null : BaseUrl.Parse(filled, sources.AllowPlainHttp, out fault);
        if (fault is not null)
        {
            Fault(row.Slug, ".BaseUrl", fault);
            return null;
        }
        return Merge(row, settings, dialect, auth, auth == AuthSchemes.None ? null : key, baseUrl) with
        {
            Credentials = credentials,
            Variables = VariablesOf(row, settings),
        };
    }

    /// <summary>Why this process cannot call the provider; null: it can, or the setting itself is reported as a fault.</summary>
    private string? FindUnsupported(ProviderSettings settings, string dialect, string auth)
    {
        if (settings.Dialect is null && !sources.Wires.Contains(dialect)) return $"dialect {dialect} is not supported; {ExpectOneOf(sources.Wires)}";
        if (settings.Auth is null && !sources.AuthSchemes.Contains(auth)) return $"auth {auth} is not supported; {ExpectOneOf(sources.AuthSchemes)}";
        return null;
    }

    private static string ExpectOneOf(IReadOnlyCollection<string> names) => $"expected one of {string.Join(", ", names.Order(StringComparer.Ordinal))}";

    private static bool Serves(ProviderDefinition row, string auth, bool hasCredential, bool enabledOrPlaced, bool enabled)
    {
        if (auth == AuthSchemes.None || row.Local == true) return enabledOrPlaced;
        // Entra and Google can take their credential from the machine's identity. A signature cannot: that it lacks one is a fault, told later.
        return hasCredential || (enabled && auth is AuthSchemes.Entra or AuthSchemes.Google or AuthSchemes.SigV4);
    }

    private static Provider Merge(ProviderDefinition row, ProviderSettings settings, string wire, string auth, string? key, Uri? baseUrl)
    {
        var headers = new Dictionary<string, string>(row.Headers ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in settings.Headers) headers[name] = value;
        return new Provider
        {
            Slug = row.Slug,
            Name = settings.Name ?? row.Name ?? row.Slug,
            Wire = wire,
            BaseUrl = baseUrl,
            Auth = auth,
            ApiKey = key,
            Headers = headers.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
            Query = settings.Query ?? row.Query,
            Path = row.Path,
            StreamPath = row.StreamPath,
            MessagesVersion = row.MessagesVersion,
            ParameterRenames = (row.ParameterRenames ?? new Dictionary<string, string>()).ToFrozenDictionary(StringComparer.Ordinal),
            RefusedParameters = row.RefusedParameters ?? RequestParameters.None,
            AcceptsStreamOptions = row.AcceptsStreamOptions ?? true,
            AbortStopsBilling = row.AbortStopsBilling,
            CachedTokens = row.CachedTokens ?? CachedTokenCounting.InsidePrompt,
            Prefill = row.Prefill ?? AssistantPrefill.None,
            Headquarters = row.Headquarters,
            Datacenters = row.Datacenters,
            DataPolicy = row.DataPolicy ?? DataPolicy.Unknown,
            PrivacyPolicyUrl = row.PrivacyPolicyUrl,
            TermsOfServiceUrl = row.TermsOfServiceUrl,
            StatusPageUrl = row.StatusPageUrl,
        };
    }

    private string? ValueOf(string variable, ProviderDefinition row, ProviderSettings settings)
    {
        foreach (var (name, value) in settings.Variables)
            if (name.Equals(variable, StringComparison.OrdinalIgnoreCase)) return value;
        return ValueOf(row.Variables?.GetValueOrDefault(variable));
    }

    private string? ValueOf(VariableSource? source) => source is null ? null : FirstSet(source.Env) ?? source.Default;

    private FrozenDictionary<string, string> VariablesOf(ProviderDefinition row, ProviderSettings settings)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in settings.Variables.Keys.Concat(row.Variables?.Keys ?? []))
            if (ValueOf(name, row, settings) is { Length: > 0 } value) values[name] = value;
        return values.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Credentials of settings, else those that the row names. Only together: a session's token of the environment does not belong to a setting's key.
    /// </summary>
    private FrozenDictionary<string, string> CredentialsOf(ProviderDefinition row, ProviderSettings settings)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, source) in row.Credentials ?? new Dictionary<string, VariableSource>())
            if ((settings.Credentials.Count == 0 ? ValueOf(source) : source.Default) is { Length: > 0 } value) values[name] = value;
        foreach (var name in AuthCredentials.All)
            foreach (var (given, value) in settings.Credentials)
                if (value.Length > 0 && IsCredential(given, name)) values[name] = value;
        return values.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static bool IsCredential(string setting, string name) =>
        setting.Replace("_", "", StringComparison.Ordinal).Equals(name.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// A key may be in a variable named after the slug, for any provider: so the operator's own providers have one too, and a deployment that fills its
    /// vault from variables (scripts/key-variables.sh) reads the same ones. Not for a scheme whose credential is an identity.
    /// </summary>
    private string? FromOwnVariable(ProviderDefinition row, ProviderSettings settings) =>
        (settings.Auth ?? row.Auth) is AuthSchemes.None or AuthSchemes.Entra or AuthSchemes.Google
            ? null : FirstSet([$"{Normalise(row.Slug).Replace('-', '_').ToUpperInvariant()}_API_KEY"]);

    private string? FirstSet(IReadOnlyList<string>? variables)
    {
        foreach (var variable in variables ?? [])
            if (sources.EnvironmentVariable(variable) is { } value && !string.IsNullOrWhiteSpace(value)) return value.Trim();
        return null;
    }

    private void Fault(string slug, string member, string expectation) => errors.Add(Document, $"Providers:{slug}{member.Replace('.', ':')}", expectation);

    /// <summary>
    /// Slugs are compared without case, and with <c>_</c>, <c>/</c> and <c>.</c> as <c>-</c>: shells and configuration keys refuse some of them.
    /// </summary>
    private static string Normalise(string slug) => slug.ToLowerInvariant().Replace('_', '-').Replace('/', '-').Replace('.', '-');
}
