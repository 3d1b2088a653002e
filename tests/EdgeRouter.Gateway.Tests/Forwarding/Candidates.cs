using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Gateway.Tests.Forwarding;

/// <summary>Endpoints to forward to.</summary>
internal static class Candidates
{
    public static Model Model(string id, params (string Slug, int Context)[] endpoints) =>
        WithEndpoints(new Model
        {
            Id = id,
            CanonicalSlug = id,
            Name = id,
            InputModalities = FrozenSet.Create("text"),
            OutputModalities = FrozenSet.Create("text")
        }, null, endpoints);

    public static Model WithEndpoints(Model model, Pricing? pricing, params (string Slug, int Context)[] endpoints)
    {
        model.Endpoints = [.. endpoints.Select(endpoint => At(model,
            new Provider { Slug = endpoint.Slug, Name = endpoint.Slug, Wire = WireNames.OpenAIChat, Auth = AuthSchemes.None }, endpoint.Context, pricing))];
        return model;
    }

    /// <summary>The only endpoint of a model, at this provider.</summary>
    public static Endpoint At(Provider provider) => At(Model("acme/one"), provider, 8000, null);

    private static Endpoint At(Model model, Provider provider, int context, Pricing? pricing) => new()
    {
        Model = model,
        Provider = provider,
        Tag = provider.Slug,
        UpstreamModel = "m",
        ContextLength = context,
        MaxCompletionTokens = context,
        Pricing = pricing,
        DataPolicy = DataPolicy.Unknown,
    };
}
