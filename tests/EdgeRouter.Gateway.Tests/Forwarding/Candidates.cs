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
        model.Endpoints = [.. endpoints.Select(endpoint => new Endpoint
        {
            Model = model,
            Provider = new Provider { Slug = endpoint.Slug, Name = endpoint.Slug, Wire = WireNames.OpenAIChat, Auth = AuthSchemes.None },
            Tag = endpoint.Slug,
            UpstreamModel = "m",
            ContextLength = endpoint.Context,
            MaxCompletionTokens = endpoint.Context,
            Pricing = pricing,
            DataPolicy = DataPolicy.Unknown,
        })];
        return model;
    }
}
