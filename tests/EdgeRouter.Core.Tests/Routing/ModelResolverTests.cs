using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Resolution;
using Xunit;
using static EdgeRouter.Core.Tests.Routing.CatalogFixture;

namespace EdgeRouter.Core.Tests.Routing;

public sealed class ModelResolverTests
{
    private static readonly CatalogSnapshot Catalog = CatalogOf(
        Model("acme/one", 10, At("alpha"), At("alpha", tag: "alpha/flex"), At("alpha", tag: "alpha/priority"), At("zero", price: 0)),
        Model("acme/one:free", 10, At("free", price: 0)),
        Model("acme/two", 10, At("alpha")),
        Model("acme/two-fast", 10, At("alpha", tag: "alpha/quick")),
        Model("acme/gpt-4o", 20, At("alpha")),
        Model("acme/gpt-5.5", 50, At("alpha")),
        Model("acme/gpt-5.5-pro", 60, At("alpha")),
        Model("acme/gpt-5.4-2026-01-02-preview", 45, At("alpha")),
        Model("acme/gpt-oss-120b", 70, At("alpha")),
        Model("acme/gpt-6:free", 90, At("alpha")),
        Model("acme/opus-4.5", 30, At("alpha")),
        Model("acme/sparrow-2501", 30, At("alpha")),
        Model("acme/sparrow-2508", 30, At("alpha")));

    [Theory]
    [InlineData("acme/one", "acme/one", "direct")]
    [InlineData("ACME/One", "acme/one", "direct")]
    [InlineData("acme/old", "acme/one", "alias")]
    [InlineData("acme/one:free", "acme/one:free", "direct")]
    [InlineData("acme/one:nitro", "acme/one", "direct")]
    [InlineData("acme/old:FLOOR", "acme/one", "alias")]
    [InlineData("acme/one:free:nitro", "acme/one:free", "direct")]
    [InlineData("acme/one:nitro:free", "acme/one:free", "direct")]
    [InlineData("~acme/gpt-latest", "acme/gpt-5.5", "latest")]
    [InlineData("~acme/gpt-pro-latest", "acme/gpt-5.5-pro", "latest")]
    [InlineData("~acme/gpt-latest:floor", "acme/gpt-5.5", "latest")]
    [InlineData("~ACME/GPT-oss-latest", "acme/gpt-oss-120b", "latest")]
    [InlineData("gpt-oss-latest", "acme/gpt-oss-120b", "latest")]
    [InlineData("opus-4-5-20251101", "acme/opus-4.5", "alias")]
    [InlineData("OPUS-4.5:nitro", "acme/opus-4.5", "alias")]
    [InlineData("acme/opus-4-5:floor", "acme/opus-4.5", "alias")]
    [InlineData("one:free:nitro", "acme/one:free", "alias")]
    [InlineData("one:nitro:free", "acme/one:free", "alias")]
    public void Name_finds_the_model(string name, string expected, string strategy)
    {
        var plan = Plan(Catalog, new RequestFacts { Model = name });

        Assert.Equal(expected, plan.Candidates[0].Model.Id);
        Assert.Equal(strategy, plan.Strategy);
    }

    [Theory]
    [InlineData("acme/none", "not a model")]
    [InlineData("acme/none:nitro", "not a model")]
    [InlineData("acme/opsu-4.5", "did you mean acme/opus-4.5?")]
    [InlineData("opus-4.5:turbo", "unknown suffix")]
    [InlineData("sparrow", "expected one of acme/sparrow-2501, acme/sparrow-2508")]
    [InlineData("sparrow:nitro", "expected one of acme/sparrow-2501, acme/sparrow-2508")]
    [InlineData("~acme/none-latest", "not a model")]
    [InlineData("~acme/gpt", "not a model")]
    [InlineData("~", "not a model")]
    [InlineData(":", "not a model")]
    [InlineData(":nitro", "not a model")]
    [InlineData("acme/one:", "unknown suffix")]
    [InlineData("acme/one:turbo", "expected :free")]
    [InlineData("acme/one:online", "web plugin")]
    [InlineData("acme/one:free:online", "web plugin")]
    [InlineData("acme/one:batch", "batch service")]
    [InlineData("acme/one:thinking", "no ':thinking' variant")]
    [InlineData("acme/one:extended:nitro", "no ':extended' variant")]
    [InlineData("acme/one:nitro:floor", "at most one of")]
    [InlineData("acme/one@preset/mine", "presets")]
    [InlineData("@preset/mine", "presets")]
    public void Name_that_cannot_be_served_is_a_400_that_explains(string name, string explanation)
    {
        var error = Assert.Throws<RouterException>(() => Plan(Catalog, new RequestFacts { Model = name })).Error;

        Assert.Equal(400, error.Status);
        Assert.Equal(new RequestFault(RequestFact.Model), error.Fault);
        Assert.Contains(explanation, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("far/whale-4o", "far/whale-4o is in the catalog, but no provider of it has a credential: set FAR_API_KEY or CLOUD_API_KEY")]
    [InlineData("whale-4o:nitro", "far/whale-4o is in the catalog, but no provider of it has a credential: set FAR_API_KEY or CLOUD_API_KEY")]
    [InlineData("far/squid", "far/squid is in the catalog, but no provider of it serves on this router")]
    public void Known_model_that_nobody_serves_is_a_404_that_says_what_to_set(string name, string message)
    {
        var catalog = new CatalogSnapshot(Catalog.Models, Catalog.Providers, new Dictionary<string, string>())
        {
            Unserved = [new UnservedModel("far/whale-4o", ["FAR_API_KEY", "CLOUD_API_KEY"]), new UnservedModel("far/squid", [])],
        };
        var error = Assert.Throws<RouterException>(() => Plan(catalog, new RequestFacts { Model = "acme/two", FallbackModels = [name] })).Error;

        Assert.Equal((404, message), (error.Status, error.Message));
        Assert.Equal(new RequestFault(RequestFact.FallbackModel, 0), error.Fault);
        Assert.Equal(new UnservedModelAsked(message[..message.IndexOf(' ')]), error.Details);
    }

    [Fact]
    public void Names_in_models_are_resolved_and_one_model_counts_once()
    {
        var plan = Plan(Catalog, new RequestFacts { Model = "opus-4-5", FallbackModels = ["acme/opus-4.5", "opus-4-5-latest", "gpt-5-5"] });

        Assert.Equal(["acme/opus-4.5", "acme/gpt-5.5"], plan.Candidates.Select(endpoint => endpoint.Model.Id));
    }

    [Fact]
    public void An_endless_name_is_refused_and_not_echoed()
    {
        var name = "acme/one" + string.Concat(Enumerable.Repeat(":free", 100_000));

        var error = Assert.Throws<RouterException>(() => Plan(Catalog, new RequestFacts { Model = name })).Error;

        Assert.Equal(400, error.Status);
        Assert.InRange(error.Message.Length, 1, 400);
    }

    [Fact]
    public void Free_without_a_row_of_its_own_leaves_the_free_endpoints_only()
    {
        var plan = Plan(CatalogOf(Model("acme/one", At("paid"), At("zero", price: 0))), new RequestFacts { Model = "acme/one:free" });

        Assert.Equal(["zero"], Tags(plan));
        Assert.Equal(ExclusionReason.NotFree, Assert.Single(plan.Exclusions).Reason);
    }

    [Theory]
    [InlineData("acme/gpt-5.5", "acme/gpt")]
    [InlineData("acme/gpt-4o-mini-2024-07-18", "acme/gpt-mini")]
    [InlineData("acme/gemini-3.1-pro-preview", "acme/gemini-pro")]
    [InlineData("acme/claude-3-haiku", "acme/claude-haiku")]
    [InlineData("acme/gpt-5:free", null)]
    public void Family_is_the_id_without_versions_dates_and_stages(string id, string? family) => Assert.Equal(family, LatestModels.FamilyOf(id));

    [Theory]
    [InlineData(null, "acme/one", "alpha zero")]
    [InlineData("default", "acme/one:nitro", "alpha zero")]
    [InlineData(null, "acme/one:nitro", "alpha alpha/priority zero")]
    [InlineData(null, "acme/one:floor", "alpha alpha/flex zero")]
    [InlineData("flex", "acme/one", "alpha/flex")]
    [InlineData("priority", "acme/one", "alpha alpha/priority zero")]
    [InlineData("flex", "acme/gpt-5.5", "alpha")]
    [InlineData("auto", "acme/one", "alpha zero")]
    [InlineData("fast", "acme/two", "alpha/quick")]
    public void Service_tier_admits_its_endpoints(string? tier, string model, string expected)
    {
        var plan = Plan(Catalog, new RequestFacts { Model = model, ServiceTier = tier });

        Assert.Equal(expected, string.Join(' ', Tags(plan).Order(StringComparer.Ordinal)));
        if (tier == "priority") Assert.Equal("alpha/priority", plan.Candidates[0].Tag);
    }

    [Fact]
    public void Order_cancels_the_admission_of_a_suffix_and_names_a_tier_by_itself()
    {
        var request = new RequestFacts { Model = "acme/one:floor", Preferences = new ProviderPreferences { Order = ["zero"] } };
        Assert.DoesNotContain("alpha/flex", Tags(Plan(Catalog, request)));

        request = new RequestFacts { Model = "acme/one", Preferences = new ProviderPreferences { Order = ["alpha/flex"] } };
        Assert.Equal("alpha/flex", Plan(Catalog, request).Candidates[0].Tag);
    }

    [Fact]
    public void An_explicit_sort_wins_over_a_suffix()
    {
        var request = new RequestFacts { Model = "acme/one:nitro", Preferences = new ProviderPreferences { Sort = "price" } };

        Assert.Equal("price", Plan(Catalog, request).Ordering);
        Assert.Equal("throughput", Plan(Catalog, new RequestFacts { Model = "acme/one:nitro" }).Ordering);
    }

    [Theory]
    [InlineData("eu", "inside")]
    [InlineData("EU us", "both inside")]
    public void Data_regions_leave_only_endpoints_known_to_stay_inside(string regions, string expected)
    {
        var catalog = CatalogOf(Model("acme/one", At("inside", regions: ["eu"]), At("both", regions: ["eu", "us"]), At("unknown")));
        var request = new RequestFacts { Model = "acme/one", DataRegions = regions.Split(' ') };

        var plan = Plan(catalog, request);

        Assert.Equal(expected, string.Join(' ', Tags(plan).Order(StringComparer.Ordinal)));
        Assert.All(plan.Exclusions, exclusion => Assert.Equal(ExclusionReason.Region, exclusion.Reason));
    }

    [Fact]
    public void The_operators_regions_hold_for_every_request()
    {
        var catalog = CatalogOf(Model("acme/one", At("inside", regions: ["eu"]), At("outside", regions: ["us"])));

        Assert.Equal(["inside"], Tags(Plan(catalog, new RequestFacts { Model = "acme/one" }, policy: Policy with { DataRegions = ["eu"] })));
    }
}
