using EdgeRouter.Core.Catalog;
using Xunit;
using static EdgeRouter.Core.Tests.Catalog.CatalogFixture;

namespace EdgeRouter.Core.Tests.Catalog;

/// <summary>Models that the catalog files have and that no provider serves: which settings would change that.</summary>
public sealed class UnservedModelTests
{
    private const string Document = """
        { "models": [ { "id": "acme/one", "endpoints": [ { "provider": "alpha", "upstream_model": "one" }, { "provider": "machine", "upstream_model": "one" },
                                                          { "provider": "beta-cloud", "upstream_model": "one" },
                                                          { "provider": "scripted", "upstream_model": "one" } ] },
                      { "id": "acme/two", "endpoints": [ { "provider": "beta-cloud", "upstream_model": "two" } ] },
                      { "id": "acme/none" } ] }
        """;

    private static CatalogSnapshot Load(Dictionary<string, ProviderSettings>? settings = null, params (string Name, string Value)[] variables) =>
        CatalogLoader.Load(Sources(Document) with
        {
            Settings = settings ?? [],
            EnvironmentVariable = name => Array.Find(variables, variable => variable.Name == name).Value,
        });

    private static string Missing(CatalogSnapshot snapshot, string id) =>
        string.Join(' ', Assert.Single(snapshot.Unserved, model => model.Id == id).Settings);

    [Fact]
    public void Without_any_credential_every_model_says_what_each_of_its_first_providers_lacks()
    {
        var snapshot = Load();

        Assert.Empty(snapshot.Models);
        Assert.Equal("ALPHA_KEY EdgeRouter__Providers__machine__Enabled BETA_API_KEY", Missing(snapshot, "acme/one"));
        Assert.Equal("BETA_API_KEY", Missing(snapshot, "acme/two"));
        Assert.Equal("", Missing(snapshot, "acme/none"));
    }

    [Fact]
    public void A_model_that_is_served_lacks_nothing() =>
        Assert.Equal(["acme/none", "acme/two"], Load(null, ("ALPHA_KEY", "k")).Unserved.Select(model => model.Id).Order());

    [Fact]
    public void A_provider_with_a_key_and_without_its_address_lacks_the_address() =>
        Assert.Equal("BETA_RESOURCE", Missing(Load(null, ("BETA_API_KEY", "k")), "acme/two"));

    [Fact]
    public void A_provider_that_the_operator_disabled_is_not_proposed() =>
        Assert.Equal("EdgeRouter__Providers__machine__Enabled BETA_API_KEY EdgeRouter__Providers__scripted__Enabled",
            Missing(Load(new Dictionary<string, ProviderSettings> { ["alpha"] = new() { Enabled = false } }), "acme/one"));

    [Fact]
    public void A_provider_that_this_process_cannot_call_is_not_proposed()
    {
        var snapshot = CatalogLoader.Load(Sources(Document) with { Settings = new Dictionary<string, ProviderSettings>(), Wires = [WireNames.OpenAIChat] });

        Assert.Equal("", Missing(snapshot, "acme/two"));
    }

    [Fact]
    public void A_provider_without_customary_variable_lacks_its_setting()
    {
        const string own = """
            { "providers": [ { "slug": "gpu-box", "dialect": "openai-chat", "base_url": "https://gpu.example/v1", "auth": "bearer" } ],
              "models": [ { "id": "acme/own", "endpoints": [ { "provider": "gpu-box", "upstream_model": "own" } ] } ] }
            """;

        Assert.Equal("EdgeRouter__Providers__gpu_box__ApiKey", Missing(CatalogLoader.Load(Sources(own)), "acme/own"));
    }
}
