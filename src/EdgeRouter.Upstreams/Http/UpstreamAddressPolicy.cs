using System.Net;

namespace EdgeRouter.Upstreams.Http;

/// <summary>Which base URLs may be used. Pure.</summary>
public static class UpstreamAddressPolicy
{
    /// <summary>Returns what is wrong with a base URL; null: nothing.</summary>
    /// <param name="baseUrl">The provider's base URL.</param>
    /// <param name="allowPlainHttp"><see cref="UpstreamOptions.AllowPlainHttp"/>.</param>
    public static string? FindFault(Uri baseUrl, bool allowPlainHttp)
    {
        if (!baseUrl.IsAbsoluteUri) return "base_url: expected an absolute http or https URL";
        if (baseUrl.UserInfo.Length > 0) return "base_url: expected no credentials; use the provider's ApiKey";
        if (baseUrl.Query.Length > 0 || baseUrl.Fragment.Length > 0) return "base_url: expected no query or fragment; use the provider's query";
        if (baseUrl.Scheme == Uri.UriSchemeHttps) return null;
        if (baseUrl.Scheme != Uri.UriSchemeHttp) return $"base_url: expected http or https, found {baseUrl.Scheme}";
        return allowPlainHttp || IsLoopback(baseUrl)
            ? null
            : "base_url: plain http is only allowed on loopback; use https or set EdgeRouter__Upstreams__AllowPlainHttp=true";
    }

    // Not Uri.IsLoopback: it also accepts the machine's own name, which may resolve to another address.
    private static bool IsLoopback(Uri url) =>
        url.IdnHost == "localhost" || (IPAddress.TryParse(url.IdnHost, out var address) && IPAddress.IsLoopback(address));
}
