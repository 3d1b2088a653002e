using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.BadInput;
using Xunit;

namespace EdgeRouter.FunctionalTests.CatalogApi;

/// <summary>The models, filtered, sorted, counted, paged, and one by one.</summary>
public sealed class ModelsTests(ThreeModels fixture) : IClassFixture<ThreeModels>
{
    [Theory]
    [InlineData("", "acme/large acme/small other/middle")]
    [InlineData("q=MIDDLE", "other/middle")]
    [InlineData("q=nothing", "")]
    [InlineData("context=64000", "acme/large other/middle")]
    [InlineData("max_price=1", "acme/small other/middle")]
    [InlineData("min_price=2", "acme/large")]
    [InlineData("max_output_price=0.2", "acme/small")]
    [InlineData("supported_parameters=tools", "acme/large acme/small")]
    [InlineData("supported_parameters=temperature,reasoning", "other/middle")]
    [InlineData("input_modalities=image", "acme/large other/middle")]
    [InlineData("output_modalities=image", "")]
    [InlineData("output_modalities=all", "acme/large acme/small other/middle")]
    [InlineData("model_authors=other", "other/middle")]
    [InlineData("providers=beta", "acme/large other/middle")]
    [InlineData("providers=Provider%20alpha", "acme/large acme/small")]
    [InlineData("providers=beta&max_price=1", "other/middle")]
    [InlineData("unheard_of=1", "acme/large acme/small other/middle")]
    public async Task Filter_keeps_what_fits_and_counts_it(string query, string expected)
    {
        var list = await fixture.GetAsync($"/api/v1/models?{query}");
        var count = await fixture.GetAsync($"/api/v1/models/count?{query}");

        var ids = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ids, Ids(list).Order(StringComparer.Ordinal));
        Assert.Equal(ids.Length, list["total_count"]!.GetValue<int>());
        Assert.Equal(ids.Length, count["data"]!["count"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("newest", "acme/large other/middle acme/small")]
    [InlineData("pricing-low-to-high", "acme/small other/middle acme/large")]
    [InlineData("pricing-high-to-low", "acme/large other/middle acme/small")]
    [InlineData("context-high-to-low", "acme/large other/middle acme/small")]
    public async Task Sort_puts_them_in_order(string sort, string expected) =>
        Assert.Equal(expected.Split(' '), Ids(await fixture.GetAsync($"/v1/models?sort={sort}")));

    [Theory]
    [InlineData("sort=beauty", "sort")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("offset=-1", "offset")]
    [InlineData("max_price=cheap", "max_price")]
    [InlineData("supported_parameters=telepathy", "supported_parameters")]
    [InlineData("min_coding_index=50", "min_coding_index")]
    public async Task Bad_query_is_400_that_names_the_parameter(string query, string parameter)
    {
        using var response = await fixture.Router.Client.GetAsync($"/api/v1/models?{query}");

        Assert.Equal(parameter, (await ErrorEnvelope.AssertAsync(fixture.Router, response, 400, "invalid_request"))["param"]!.GetValue<string>());
    }

    [Fact]
    public async Task Pages_lead_through_everything_once()
    {
        var ids = new List<string>();
        var pages = 0;
        for (var next = "/api/v1/models?sort=newest&limit=1"; next is not null; pages++)
        {
            var page = await fixture.GetAsync(next);
            Assert.Equal(3, page["total_count"]!.GetValue<int>());
            ids.AddRange(Ids(page));
            next = page["links"]!["next"]?.GetValue<string>();
        }

        Assert.Equal(["acme/large", "other/middle", "acme/small"], ids);
        Assert.Equal(3, pages);
    }

    [Fact]
    public async Task Offset_behind_the_end_is_an_empty_page()
    {
        var page = await fixture.GetAsync("/api/v1/models?offset=99");

        Assert.Empty(page["data"]!.AsArray());
        Assert.Null(page["links"]!["next"]);
    }

    [Theory]
    [InlineData("/api/v1")]
    [InlineData("/v1")]
    public async Task One_model_is_found_by_its_id(string root)
    {
        var model = (await fixture.GetAsync($"{root}/model/other/middle"))["data"]!;

        Assert.Equal("other/middle", model["id"]!.GetValue<string>());
        Assert.Equal("The Middle One", model["name"]!.GetValue<string>());
        Assert.Equal("Neither.", model["description"]!.GetValue<string>());
        Assert.Equal(64_000, model["context_length"]!.GetValue<int>());
        Assert.Equal("0.000001", model["pricing"]!["prompt"]!.GetValue<string>());
        Assert.Equal("0.000002", model["pricing"]!["completion"]!.GetValue<string>());
        Assert.Equal("text+image->text", model["architecture"]!["modality"]!.GetValue<string>());
        Assert.Contains("reasoning", model["supported_parameters"]!.AsArray().Select(name => name!.GetValue<string>()));
    }

    [Fact]
    public async Task Endpoints_of_a_model_are_listed_with_provider_and_price()
    {
        var model = (await fixture.GetAsync("/api/v1/models/acme/large/endpoints"))["data"]!;

        Assert.Equal("acme/large", model["id"]!.GetValue<string>());
        var endpoints = model["endpoints"]!.AsArray();
        Assert.Equal(["alpha", "beta"], endpoints.Select(endpoint => endpoint!["tag"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        var beta = endpoints.Single(endpoint => endpoint!["tag"]!.GetValue<string>() == "beta")!;
        Assert.Equal("Provider beta", beta["provider_name"]!.GetValue<string>());
        Assert.Equal("0.000003", beta["pricing"]!["prompt"]!.GetValue<string>());
        Assert.Equal("fp8", beta["quantization"]!.GetValue<string>());
        Assert.DoesNotContain("http://", model.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/model/acme/nothing")]
    [InlineData("/api/v1/models/acme/nothing/endpoints")]
    public async Task Unknown_model_is_404(string path)
    {
        using var response = await fixture.Router.Client.GetAsync(path);

        await ErrorEnvelope.AssertAsync(fixture.Router, response, 404, "not_found");
    }

    [Fact]
    public async Task Providers_are_those_that_serve_without_their_secrets()
    {
        var list = await fixture.GetAsync("/api/v1/providers");

        Assert.Equal(["alpha", "beta"], list["data"]!.AsArray().Select(provider => provider!["slug"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Equal(["Provider alpha", "Provider beta"], list["data"]!.AsArray().Select(provider => provider!["name"]!.GetValue<string>())
            .Order(StringComparer.Ordinal));
        Assert.DoesNotContain("sk-provider", list.ToJsonString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Ids(JsonNode list) => list["data"]!.AsArray().Select(model => model!["id"]!.GetValue<string>());
}
