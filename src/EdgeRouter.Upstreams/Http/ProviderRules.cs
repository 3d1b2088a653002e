using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Upstreams.Auth;

namespace EdgeRouter.Upstreams.Http;

/// <summary>
/// Requirements on a provider before a request may be sent to it. Checked when catalogs and settings are loaded, so that no request fails because of
/// them. Pure.
/// </summary>
public static class ProviderRules
{
    private const int MaxKeyLength = 8192;

    /// <summary>Headers that control the connection: only the client may set them.</summary>
    private static readonly FrozenSet<string> ConnectionHeaders = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Connection", "Expect", "Host", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade");

    /// <summary>Returns everything that is wrong with a provider, one sentence each, beginning with the member. Keys are never quoted.</summary>
    public static IReadOnlyList<string> FindFaults(Provider provider, bool allowPlainHttp)
    {
        var faults = new List<string>();
        if (provider.BaseUrl is null) faults.Add("base_url: expected a URL");
        else if (UpstreamAddressPolicy.FindFault(provider.BaseUrl, allowPlainHttp) is { } fault) faults.Add(fault);
        if (provider.ApiKey is { } key && !IsHeaderSafe(key)) faults.Add("ApiKey: expected visible ASCII characters without line breaks");
        if (provider.ApiKey is { Length: > MaxKeyLength }) faults.Add($"ApiKey: expected at most {MaxKeyLength} characters");
        foreach (var (name, value) in provider.Credentials)
            if (name is AuthCredentials.AccessKeyId or AuthCredentials.SessionToken && !IsHeaderSafe(value))
                faults.Add($"Credentials {name}: expected visible ASCII characters without line breaks");
        if (provider.Auth == AuthSchemes.SigV4 && provider.ApiKey is null) FindSigningFaults(provider, faults);
        foreach (var (name, value) in provider.Headers)
            if (!IsUsableHeader(name, value)) faults.Add($"headers: '{name}' is not a request header that can be set, or its value is not visible ASCII");
        if (provider.Query is { } query && (query.StartsWith('?') || query.Contains('#', StringComparison.Ordinal) || !IsHeaderSafe(query)))
            faults.Add("query: expected name=value pairs joined by '&', without '?' and '#'");
        return faults;
    }

    private static void FindSigningFaults(Provider provider, List<string> faults)
    {
        if (!AuthCredentials.Suffice(provider.Auth, provider.Credentials))
            faults.Add("auth sigv4: expected Credentials AccessKeyId and SecretAccessKey, or ApiKey");
        if (!provider.Credentials.ContainsKey(AuthCredentials.Service)) faults.Add("auth sigv4: expected the name of the service in credentials.service");
        if (!provider.Variables.ContainsKey(SigV4Auth.Region)) faults.Add("auth sigv4: expected Variables region");
    }

    private static bool IsUsableHeader(string name, string value)
    {
        if (!IsHeaderSafe(value) || ConnectionHeaders.Contains(name)) return false;
        using var probe = new HttpRequestMessage();
        // Header names that belong to bodies (Content-Type) and malformed ones are refused here.
        return probe.Headers.TryAddWithoutValidation(name, value);
    }

    // Spaces are fine inside, control characters (CR, LF) would let a value forge further headers, and non-ASCII would be sent as something else.
    private static bool IsHeaderSafe(string value)
    {
        foreach (var character in value)
            if (character is < ' ' or > '~') return false;
        return value.Length == value.AsSpan().Trim(' ').Length;
    }
}
