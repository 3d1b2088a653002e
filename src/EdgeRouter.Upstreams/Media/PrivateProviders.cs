using System.Net;

namespace EdgeRouter.Upstreams.Media;

/// <summary>
/// Recognizes providers in the operator's network, by their base URL alone. A URL that is passed on to one of them would be fetched from where
/// callers must not reach. Pure.
/// </summary>
public static class PrivateProviders
{
    private static readonly string[] PrivateSuffixes = [".internal", ".local", ".localhost", ".svc", ".lan", ".home.arpa"];

    /// <summary>
    /// Whether the host of a base URL is loopback or another address that is not public, a name of one label, or a name in a domain for private networks.
    /// </summary>
    public static bool IsPrivate(Uri baseUrl)
    {
        var host = baseUrl.IdnHost.TrimEnd('.');
        if (IPAddress.TryParse(host, out var address)) return !FetchAddressPolicy.IsPublic(address);
        return !host.Contains('.') || Array.Exists(PrivateSuffixes, suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }
}
