using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Upstreams.Auth;

/// <summary>
/// The schemes that are implemented. <c>sigv4</c>, <c>entra</c> and <c>google</c> are names of <see cref="AuthSchemes"/> without an implementation yet:
/// a provider that names one is refused when the catalog is loaded, by <see cref="Http.ProviderRules"/>.
/// </summary>
public static class UpstreamAuthSchemes
{
    private static readonly FrozenDictionary<string, IUpstreamAuth> ByName = new IUpstreamAuth[]
    {
        new HeaderAuth(AuthSchemes.Bearer, "Authorization", "Bearer "),
        new HeaderAuth(AuthSchemes.XApiKey, "x-api-key"),
        new HeaderAuth(AuthSchemes.ApiKey, "api-key"),
        new HeaderAuth(AuthSchemes.XGoogApiKey, "x-goog-api-key"),
        new NoAuth(),
    }.ToFrozenDictionary(auth => auth.Name, StringComparer.Ordinal);

    /// <summary>Whether a provider may name the scheme.</summary>
    public static bool IsSupported(string name) => ByName.ContainsKey(name);

    /// <summary>Names that are supported, in alphabetical order.</summary>
    public static IReadOnlyList<string> Supported { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The scheme of that name.</summary>
    /// <exception cref="NotSupportedException">The name is not supported; loading should have refused it.</exception>
    public static IUpstreamAuth Get(string name) =>
        ByName.GetValueOrDefault(name)
            ?? throw new NotSupportedException($"The auth scheme '{name}' is not supported; expected one of {string.Join(", ", Supported)}.");
}
