using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Upstreams.Auth;

namespace EdgeRouter.Upstreams.Tests;

internal static class TestEndpoints
{
    public static readonly UpstreamAuthSchemes AuthSchemes =
        new(new BearerAuth(), new XApiKeyAuth(), new ApiKeyAuth(), new XGoogApiKeyAuth(), new NoAuth());

    public static Provider Provider(string? baseUrl, string auth = Core.Catalog.AuthSchemes.Bearer, string? key = "key-1") => new()
    {
        Slug = "alpha",
        Name = "Alpha",
        Wire = WireNames.OpenAIChat,
        BaseUrl = baseUrl is null ? null : new Uri(baseUrl),
        Auth = auth,
        ApiKey = key,
    };

    public static Endpoint Of(Provider provider, string upstreamModel = "one-v1", RequestParameters supported = RequestParameters.None)
    {
        var model = new Model
        {
            Id = "acme/one",
            CanonicalSlug = "acme/one",
            Name = "One",
            InputModalities = FrozenSet<string>.Empty,
            OutputModalities = FrozenSet<string>.Empty
        };
        return new Endpoint
        {
            Model = model,
            Provider = provider,
            Tag = provider.Slug,
            UpstreamModel = upstreamModel,
            SupportedParameters = supported,
            DataPolicy = DataPolicy.Unknown,
        };
    }
}
