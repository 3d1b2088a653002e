using System.Collections.Frozen;

namespace EdgeRouter.Core.Catalog.Reading;

/// <summary>Reads <c>providers</c> of one document.</summary>
internal static class ProviderReader
{
    private const string Members = "slug, name, dialect, base_url, auth, local, env, variables, credentials, parameter_renames, refused_parameters, "
        + "accepts_stream_options, abort_stops_billing, cached_tokens, prefill, path, stream_path, messages_version, headers, query, "
        + "headquarters, datacenters, data_policy, privacy_policy_url, terms_of_service_url, status_page_url, source, source_date";
    private static readonly FrozenSet<string> CachedTokenNames = CatalogVocabulary.CachedTokenCountings.Keys.ToFrozenSet(StringComparer.Ordinal);

    public static List<ProviderDefinition> Read(ref JsonCursor json, ProviderFormats formats)
    {
        var rows = new List<ProviderDefinition>();
        if (!json.BeginArray()) return rows;
        while (json.NextElement())
        {
            if (ReadRow(ref json, formats) is not { } row) continue;
            if (rows.Exists(other => other.Slug == row.Slug)) json.Report($"expected each provider once in a file; {row.Slug} occurs twice", "slug");
            else rows.Add(row);
        }
        return rows;
    }

    private static ProviderDefinition? ReadRow(ref JsonCursor json, ProviderFormats formats)
    {
        if (json.Peek("slug"u8) is not { } slug || !CatalogVocabulary.IsSlug(slug))
        {
            json.Report("expected lower case letters, digits, '.', '-' and '/'", "slug");
            json.Skip();
            return null;
        }
        var row = new ProviderDefinition { Slug = slug };
        if (!json.BeginObject()) return null;
        while (json.NextMember() is { } name)
            if (!json.IsNull) row = ReadMember(ref json, name, row, formats);
        return row;
    }

    private static ProviderDefinition ReadMember(ref JsonCursor json, string name, ProviderDefinition row, ProviderFormats formats)
    {
        switch (name)
        {
            case "slug": return row;
            case "name": return row with { Name = json.Text(100) };
            case "dialect": return row with { Dialect = json.OneOf(formats.Wires) };
            case "base_url": return row with { BaseUrl = json.Text(1000) };
            case "auth": return row with { Auth = json.OneOf(formats.AuthSchemes) };
            case "local": return row with { Local = json.Boolean() };
            case "env": return row with { Env = json.Texts() };
            case "variables": return row with { Variables = ReadVariables(ref json) };
            case "credentials": return row with { Credentials = ReadVariables(ref json) };
            case "parameter_renames": return row with { ParameterRenames = ReadRenames(ref json) };
            case "refused_parameters": return row with { RefusedParameters = json.Parameters() };
            case "accepts_stream_options": return row with { AcceptsStreamOptions = json.Boolean() };
            case "abort_stops_billing": return row with { AbortStopsBilling = json.Boolean() };
            case "cached_tokens":
                return row with { CachedTokens = json.OneOf(CachedTokenNames) is { } counting ? CatalogVocabulary.CachedTokenCountings[counting] : null };
            case "prefill": return row with { Prefill = json.Prefill() };
            case "path": return row with { Path = json.Checked(IsPath, "a path without a slash at its start, such as models/{model}:predict") };
            case "stream_path": return row with { StreamPath = json.Checked(IsPath, "a path without a slash at its start, such as models/{model}:predict") };
            case "messages_version": return row with { MessagesVersion = json.Text(100) };
            case "headers": return row with { Headers = json.TextMap() };
            case "query": return row with { Query = json.Text(1000) };
            case "headquarters": return row with { Headquarters = json.Checked(CatalogVocabulary.IsCountry, "an ISO country code, two capital letters") };
            case "datacenters": return row with { Datacenters = ReadCountries(ref json) };
            case "data_policy": return row with { DataPolicy = json.DataPolicy() };
            case "privacy_policy_url": return row with { PrivacyPolicyUrl = json.WebPage() };
            case "terms_of_service_url": return row with { TermsOfServiceUrl = json.WebPage() };
            case "status_page_url": return row with { StatusPageUrl = json.WebPage() };
            case "source": return row with { Source = json.Text() };
            case "source_date": return row with { SourceDate = json.Date() };
            default:
                json.UnknownMember(Members);
                return row;
        }
    }

    private static bool IsPath(string text) => text.Length is > 0 and <= 1000 && text[0] != '/' && !text.Contains("..", StringComparison.Ordinal)
        && !text.AsSpan().ContainsAny('?', '#', '\\') && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static Dictionary<string, string>? ReadRenames(ref JsonCursor json)
    {
        if (!json.BeginObject()) return null;
        var renames = new Dictionary<string, string>(StringComparer.Ordinal);
        while (json.NextMember() is { } name)
        {
            if (!RequestParameterNames.ByName.ContainsKey(name) && !RequestParameterNames.ReasoningMembers.Contains(name))
                json.Fail("expected names of request parameters as member names");
            else if (json.Text() is { } theirs) renames[name] = theirs;
        }
        return renames;
    }

    private static Dictionary<string, VariableSource>? ReadVariables(ref JsonCursor json)
    {
        if (!json.BeginObject()) return null;
        var variables = new Dictionary<string, VariableSource>(StringComparer.OrdinalIgnoreCase);
        while (json.NextMember() is { } variable)
        {
            if (!json.BeginObject()) continue;
            var source = new VariableSource([], null);
            while (json.NextMember() is { } name)
            {
                if (name == "env") source = source with { Env = json.Texts() ?? [] };
                else if (name != "default") json.UnknownMember("env, default");
                else if (!json.IsNull) source = source with { Default = json.Text() };
            }
            variables[variable] = source;
        }
        return variables;
    }

    private static List<string>? ReadCountries(ref JsonCursor json)
    {
        if (!json.BeginArray()) return null;
        var countries = new List<string>();
        while (json.NextElement())
            if (json.Checked(CatalogVocabulary.IsCountry, "an ISO country code, two capital letters") is { } country) countries.Add(country);
        return countries;
    }
}
