namespace EdgeRouter.Gateway.Configuration.CatalogFiles;

/// <summary>Distinguishes catalog files that are URLs from those that are paths.</summary>
internal static class CatalogUrl
{
    /// <summary>What a URL must be.</summary>
    public const string Expectation = "expected a path, or an https URL without user name or fragment (plain http only on loopback)";

    /// <summary>Whether it is meant as a URL.</summary>
    public static bool Is(string file) => file.Contains("://", StringComparison.Ordinal);

    /// <summary>Whether it is one that the router asks.</summary>
    public static bool IsValid(string file) => Uri.TryCreate(file, UriKind.Absolute, out var url) && url is { UserInfo: "", Fragment: "" }
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
}
