using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing;
using EdgeRouter.TestSupport.Routing;
using Xunit;
using static EdgeRouter.Core.Tests.Routing.CatalogFixture;

namespace EdgeRouter.Core.Tests.Routing;

public sealed class RoutePlannerTests
{
    private static readonly CatalogSnapshot ThreePrices = CatalogOf(Model("acme/one", At("dear", 9), At("cheap", 1), At("middle", 3)));

    [Fact]
    public void Unknown_model_is_a_400_that_names_the_field()
    {
        var error = Assert.Throws<RouterException>(() => Plan(ThreePrices, new RequestFacts { Model = "acme/none" })).Error;

        Assert.Equal(400, error.Status);
        Assert.Equal(new RequestFault(RequestFact.Model), error.Fault);
        Assert.Equal("acme/none", Assert.IsType<UnknownModel>(error.Details).Model);
    }

    [Fact]
    public void Unknown_fallback_model_names_its_position()
    {
        var request = new RequestFacts { Model = "acme/one", FallbackModels = ["acme/one", "acme/none"] };

        Assert.Equal(new RequestFault(RequestFact.FallbackModel, 1), Assert.Throws<RouterException>(() => Plan(ThreePrices, request)).Error.Fault);
    }

    [Fact]
    public void No_model_is_a_400_unless_a_default_is_set()
    {
        Assert.Equal(new RequestFault(RequestFact.Model), Assert.Throws<RouterException>(() => Plan(ThreePrices, new RequestFacts())).Error.Fault);

        Assert.Equal(3, Plan(ThreePrices, new RequestFacts(), policy: Policy with { DefaultModel = "acme/one" }).Candidates.Count);
    }

    [Fact]
    public void Alias_and_other_case_find_the_model()
    {
        Assert.Equal(3, Plan(ThreePrices, new RequestFacts { Model = "acme/old" }).Candidates.Count);
        Assert.Equal(3, Plan(ThreePrices, new RequestFacts { Model = "Acme/One" }).Candidates.Count);
    }

    [Fact]
    public void Unknown_sort_is_a_400_that_lists_the_names()
    {
        var request = new RequestFacts { Model = "acme/one", Preferences = new ProviderPreferences { Sort = "luck" } };

        var error = Assert.Throws<RouterException>(() => Plan(ThreePrices, request)).Error;

        Assert.Equal(new RequestFault(RequestFact.Sort), error.Fault);
        Assert.Contains("price", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cheap")]
    [InlineData("CHEAP")]
    [InlineData("cheap/fp8")]
    [InlineData("elsewhere")]
    [InlineData("elsewhere/turbo")]
    public void Providers_that_exist_may_be_named_whether_they_serve_here_or_not(string name) =>
        Assert.NotEmpty(Plan(ThreePrices, With(new ProviderPreferences { Order = [name] }), policy: KnowsElsewhere).Candidates);

    [Fact]
    public void Unknown_provider_is_a_400_that_names_the_entry_and_who_serves()
    {
        foreach (var (preferences, fault) in ((ProviderPreferences, RequestFault)[])
            [(new() { Order = ["cheap", "chaep"] }, new(RequestFact.ProviderOrder, 1)), (new() { Only = ["chaep"] }, new(RequestFact.ProviderOnly, 0)),
                (new() { Ignore = ["chaep/fp8"] }, new(RequestFact.ProviderIgnore, 0))])
        {
            var error = Assert.Throws<RouterException>(() => Plan(ThreePrices, With(preferences), policy: KnowsElsewhere)).Error;
            Assert.Equal((400, fault), (error.Status, error.Fault!.Value));
            Assert.Contains("chaep", error.Message, StringComparison.Ordinal);
            Assert.Contains("cheap", error.Message, StringComparison.Ordinal);
        }
        var endless = Assert.Throws<RouterException>(() =>
            Plan(ThreePrices, With(new ProviderPreferences { Only = [new string('x', 10_000)] }), policy: KnowsElsewhere)).Error;
        Assert.InRange(endless.Message.Length, 1, 500);
    }

    [Fact]
    public void Sort_by_price_is_strictly_cheapest_first()
    {
        for (var seed = 0; seed < 20; seed++)
            Assert.Equal(["cheap", "middle", "dear"], Tags(Plan(ThreePrices, Sorted("price"), seed)));
    }

    [Fact]
    public void Default_order_draws_by_inverse_square_of_the_price()
    {
        var catalog = CatalogOf(Model("acme/one", At("one", 1), At("three", 3)));
        var random = new Random(7);
        var planner = new RoutePlanner(BuiltInOrderings.With(), Policy);
        var first = 0;
        for (var i = 0; i < 20_000; i++)
            if (planner.Plan(new RequestFacts { Model = "acme/one" }, catalog, random).Candidates[0].Tag == "one") first++;

        // $1 against $3: weights 1 and 1/9, so 9 in 10; three standard deviations of 20,000 draws are 0.0064.
        Assert.InRange(first / 20_000.0, 0.8936, 0.9064);
    }

    [Fact]
    public void Same_seed_gives_the_same_plan()
    {
        for (var seed = 0; seed < 50; seed++)
            Assert.Equal(Tags(Plan(ThreePrices, new RequestFacts { Model = "acme/one" }, seed)),
                Tags(Plan(ThreePrices, new RequestFacts { Model = "acme/one" }, seed)));
    }

    [Fact]
    public void Order_stands_in_front_and_the_rest_follow()
    {
        var plan = Plan(ThreePrices, With(new ProviderPreferences { Order = ["dear", "unknown", "Middle"] }));

        Assert.Equal(["dear", "middle", "cheap"], Tags(plan));
    }

    [Fact]
    public void Order_without_fallbacks_leaves_only_the_listed()
    {
        var plan = Plan(ThreePrices, With(new ProviderPreferences { Order = ["dear"], AllowFallbacks = false }));

        Assert.Equal(["dear"], Tags(plan));
        Assert.All(plan.Exclusions, exclusion => Assert.Equal(ExclusionReason.FallbacksNotAllowed, exclusion.Reason));
    }

    [Fact]
    public void No_fallbacks_without_order_leaves_the_first()
    {
        var plan = Plan(ThreePrices, With(new ProviderPreferences { Sort = "price", AllowFallbacks = false }));

        Assert.Equal(["cheap"], Tags(plan));
    }

    [Fact]
    public void Primary_model_stands_before_a_cheaper_fallback_model()
    {
        var catalog = CatalogOf(Model("acme/one", At("dear", 9)), Model("acme/two", At("cheap", 1)));
        var request = Sorted("price");
        request.FallbackModels = ["acme/two"];

        Assert.Equal(["dear", "cheap"], Tags(Plan(catalog, request)));
    }

    [Fact]
    public void Sort_without_partition_mixes_the_models()
    {
        var catalog = CatalogOf(Model("acme/one", At("dear", 9)), Model("acme/two", At("cheap", 1)));
        var request = With(new ProviderPreferences { Sort = "price", SortAcrossModels = true });
        request.FallbackModels = ["acme/two"];

        Assert.Equal(["cheap", "dear"], Tags(Plan(catalog, request)));
    }

    [Fact]
    public void Endpoints_that_support_the_tools_push_out_those_that_do_not()
    {
        var catalog = CatalogOf(Model("acme/one", At("without", 1, supported: RequestParameters.MaxTokens), At("with", 2)));
        var request = new RequestFacts { Model = "acme/one", Parameters = RequestParameters.Tools };

        Assert.Equal(["with"], Tags(Plan(catalog, request)));
    }

    [Fact]
    public void Tools_that_nobody_supports_do_not_stop_the_request()
    {
        var catalog = CatalogOf(Model("acme/one", At("without", 1, supported: RequestParameters.MaxTokens)));
        var request = new RequestFacts { Model = "acme/one", Parameters = RequestParameters.Tools };

        Assert.Equal(["without"], Tags(Plan(catalog, request)));
    }

    [Fact]
    public void A_cheaper_equal_endpoint_never_ranks_lower_under_price()
    {
        var random = new Random(11);
        for (var round = 0; round < 500; round++)
        {
            var prices = Enumerable.Range(0, random.Next(2, 12)).Select(_ => (decimal)random.Next(1, 50)).ToArray();
            var catalog = CatalogOf(Model("acme/one", [.. prices.Select((price, i) => At($"p{i}", price))]));

            var ordered = Plan(catalog, Sorted("price")).Candidates.Select(endpoint => endpoint.Pricing!.Prompt).ToArray();

            Assert.Equal(ordered.Order(), ordered);
        }
    }

    private static RoutingPolicy KnowsElsewhere => Policy with { ProvidersElsewhere = new OneElsewhere() };

    private static RequestFacts Sorted(string sort) => With(new ProviderPreferences { Sort = sort });

    private static RequestFacts With(ProviderPreferences preferences) => new() { Model = "acme/one", Preferences = preferences };

    private sealed class OneElsewhere : IProviderNames
    {
        public bool Contains(string name) => name == "elsewhere";
    }
}
