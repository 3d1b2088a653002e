using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing;
using Xunit;
using static EdgeRouter.Core.Tests.Routing.CatalogFixture;

namespace EdgeRouter.Core.Tests.Routing;

/// <summary>Each filter alone: the good endpoint stays, the bad one is out with its reason.</summary>
public sealed class EndpointFilterTests
{
    public static TheoryData<string, ExclusionReason> Filters => new()
    {
        { "only", ExclusionReason.NotInOnly },
        { "ignore", ExclusionReason.Ignored },
        { "require_parameters", ExclusionReason.Parameter },
        { "require_parameters over a wire without a place for it", ExclusionReason.Parameter },
        { "data_collection", ExclusionReason.DataCollection },
        { "unknown data policy", ExclusionReason.DataCollection },
        { "zdr", ExclusionReason.DataRetention },
        { "quantizations", ExclusionReason.Quantization },
        { "max_price", ExclusionReason.MaxPrice },
        { "context", ExclusionReason.ContextLength },
        { "max_tokens", ExclusionReason.ContextLength },
        { "no price", ExclusionReason.NoPrice },
        { "tier", ExclusionReason.ServiceTier },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void Excludes_the_bad_endpoint_and_says_why(string name, ExclusionReason expected)
    {
        var (bad, request) = Case(name);

        var plan = Plan(CatalogOf(Model("acme/one", At("good"), bad)), request);

        Assert.Equal(["good"], Tags(plan));
        var exclusion = Assert.Single(plan.Exclusions);
        Assert.Equal(expected, exclusion.Reason);
        Assert.NotEmpty(exclusion.Detail);
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void With_no_endpoint_left_the_404_lists_every_exclusion(string name, ExclusionReason expected)
    {
        var (bad, request) = Case(name);

        var error = Assert.Throws<RouterException>(() => Plan(CatalogOf(Model("acme/one", bad)), request)).Error;

        Assert.Equal(404, error.Status);
        var details = Assert.IsType<NoEndpoint>(error.Details);
        Assert.Equal(["acme/one"], details.Models.Select(model => model.Id));
        var exclusion = Assert.Single(details.Exclusions);
        Assert.Equal((expected, "Bad"), (exclusion.Reason, exclusion.Endpoint.Provider.Name));
    }

    [Fact]
    public void Search_beside_other_tools_leaves_out_the_wires_that_lack_it_only_where_the_model_has_one_with_it()
    {
        var request = new RequestFacts { Model = "acme/one", SearchWire = WireNames.AnthropicMessages };
        var plan = Plan(CatalogOf(Model("acme/one", At("plain"), At("native", wire: WireNames.AnthropicMessages))), request);

        Assert.Equal(["native"], Tags(plan));
        var exclusion = Assert.Single(plan.Exclusions);
        Assert.Equal((ExclusionReason.Parameter, "plain"), (exclusion.Reason, exclusion.Endpoint.Tag));
        Assert.Equal(["plain"], Tags(Plan(CatalogOf(Model("acme/one", At("plain"))), request)));
    }

    [Fact]
    public void Image_in_the_prompt_needs_a_model_that_takes_images()
    {
        var request = new RequestFacts { Model = "acme/one", Modalities = InputModalities.Video };

        var error = Assert.Throws<RouterException>(() => Plan(CatalogOf(Model("acme/one", At("good"))), request)).Error;

        Assert.Contains("video input", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("priority", "alpha/priority")]
    [InlineData("scale", "")]
    [InlineData("default", "alpha")]
    [InlineData("auto", "alpha")]
    public void Endpoint_without_a_price_for_the_tier_is_left_out_where_parameters_are_required(string tier, string tags)
    {
        var request = new RequestFacts
        {
            Model = "acme/one",
            ServiceTier = tier,
            Parameters = RequestParameters.ServiceTier,
            Preferences = new ProviderPreferences { RequireParameters = true },
        };
        var catalog = CatalogOf(Model("acme/one", At("alpha"), At("alpha", tag: "alpha/priority")));

        if (tags.Length > 0) Assert.Equal([tags], Tags(Plan(catalog, request)));
        else Assert.Equal(404, Assert.Throws<RouterException>(() => Plan(catalog, request)).Error.Status);
    }

    [Fact]
    public void Ceiling_price_admits_an_endpoint_without_a_price()
    {
        var policy = Policy with { CeilingPrice = new Pricing { Prompt = 1, Completion = 1 } };

        Assert.Single(Plan(CatalogOf(Model("acme/one", At("bad", priced: false))), new RequestFacts { Model = "acme/one" }, policy: policy).Candidates);
    }

    [Theory]
    [InlineData("fp4", "nvfp4")]
    [InlineData("fp4", "mxfp4")]
    [InlineData("fp8", "mxfp8")]
    public void Quantization_includes_its_block_scaled_forms(string asked, string served)
    {
        var request = With(new ProviderPreferences { Quantizations = [asked] });

        Assert.Single(Plan(CatalogOf(Model("acme/one", At("good", quantization: served))), request).Candidates);
    }

    [Fact]
    public void Slug_means_every_variant_but_no_tier()
    {
        var catalog = CatalogOf(Model("acme/one", At("good", tag: "good/turbo"), At("good", tag: "good/flex"), At("other")));

        Assert.Equal(["good/turbo"], Tags(Plan(catalog, With(new ProviderPreferences { Only = ["good"] }))));
        Assert.Equal(["good/flex"], Tags(Plan(catalog, With(new ProviderPreferences { Only = ["good/flex"] }))));
    }

    private static (Func<Model, Endpoint> Bad, RequestFacts Request) Case(string name) => name switch
    {
        "only" => (At("bad"), With(new ProviderPreferences { Only = ["Good"] })),
        "ignore" => (At("bad"), With(new ProviderPreferences { Ignore = ["bad"] })),
        "require_parameters" =>
            (At("bad", supported: RequestParameters.Temperature), With(new ProviderPreferences { RequireParameters = true }, RequestParameters.TopK)),
        "require_parameters over a wire without a place for it" =>
            (At("bad", wire: WireNames.AnthropicMessages), With(new ProviderPreferences { RequireParameters = true }, RequestParameters.Seed)),
        "data_collection" => (At("bad", policy: new DataPolicy(true, false)), With(new ProviderPreferences { DenyDataCollection = true })),
        "unknown data policy" => (At("bad", policy: DataPolicy.Unknown), With(new ProviderPreferences { DenyDataCollection = true })),
        "zdr" => (At("bad", policy: new DataPolicy(false, true)), With(new ProviderPreferences { ZeroDataRetention = true })),
        "quantizations" => (At("bad", quantization: "int4"), With(new ProviderPreferences { Quantizations = ["fp16"] })),
        "max_price" => (At("bad", price: 2), With(new ProviderPreferences { MaxPrice = new MaxPrice(1, null, null, null, null) })),
        "context" => (At("bad", context: 1000), new RequestFacts { Model = "acme/one", TextBytes = 12_000 }),
        "max_tokens" => (At("bad", maxOutput: 10), new RequestFacts { Model = "acme/one", MaxOutputTokens = 11 }),
        "no price" => (At("bad", priced: false), new RequestFacts { Model = "acme/one" }),
        "tier" => (At("bad", tag: "bad/priority"), new RequestFacts { Model = "acme/one" }),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private static RequestFacts With(ProviderPreferences preferences, RequestParameters parameters = RequestParameters.None) =>
        new() { Model = "acme/one", Preferences = preferences, Parameters = parameters };
}
