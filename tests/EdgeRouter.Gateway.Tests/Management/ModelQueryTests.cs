using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Gateway.Management.Models;
using EdgeRouter.Gateway.Tests.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Management;

public sealed class ModelQueryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("sort=best", "sort")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("offset=-1", "offset")]
    [InlineData("context=big", "context")]
    [InlineData("max_price=-1", "max_price")]
    [InlineData("min_age_days=x", "min_age_days")]
    [InlineData("supported_parameters=tools,magic", "supported_parameters")]
    [InlineData("min_coding_index=3", "min_coding_index")]
    [InlineData("category=programming", "category")]
    public void Bad_or_unanswerable_parameter_is_a_400_that_names_it(string query, string field) =>
        Assert.Equal((400, field), Assert.Throws<RouterException>(() => Parse(query)) is { Error: var error } ? (error.Status, error.Field) : default);

    [Theory]
    [InlineData("", "acme/one acme/two")]
    [InlineData("output_modalities=all", "acme/one acme/two acme/painter")]
    [InlineData("output_modalities=image", "acme/painter")]
    [InlineData("input_modalities=image", "acme/two")]
    [InlineData("q=ONE", "acme/one")]
    [InlineData("model_authors=other", "")]
    [InlineData("providers=b", "acme/two")]
    [InlineData("context=100000", "acme/two")]
    [InlineData("max_price=1", "acme/one")]
    [InlineData("min_price=1.5", "acme/two")]
    [InlineData("min_output_price=1.5", "acme/two")]
    [InlineData("max_age_days=10", "acme/two")]
    [InlineData("min_age_days=10", "acme/one")]
    [InlineData("zdr=true", "")]
    [InlineData("sort=newest", "acme/two acme/one")]
    [InlineData("sort=pricing-high-to-low", "acme/two acme/one")]
    [InlineData("sort=context-high-to-low", "acme/two acme/one")]
    [InlineData("sort=top-weekly", "acme/one acme/two")]
    public void Selects_and_sorts(string query, string expected) =>
        Assert.Equal(expected, string.Join(' ', Parse(query).Select(Models(), Now).Select(model => model.Id)));

    [Fact]
    public void Without_offset_and_limit_everything_is_one_page()
    {
        var (page, next) = Page("output_modalities=all");

        Assert.Equal(3, page.Count);
        Assert.Null(next);
    }

    [Fact]
    public void Next_link_leads_through_every_page_once()
    {
        var seen = new List<string>();
        for (var query = "output_modalities=all&limit=2"; query is not null;)
        {
            var (page, next) = Page(query);
            seen.AddRange(page.Select(model => model.Id));
            query = next?[(next.IndexOf('?', StringComparison.Ordinal) + 1)..];
        }

        Assert.Equal(["acme/one", "acme/two", "acme/painter"], seen);
    }

    private static (IReadOnlyList<Model> Page, string? Next) Page(string query)
    {
        var context = new DefaultHttpContext();
        context.Request.Path = "/api/v1/models";
        context.Request.QueryString = new QueryString("?" + query);
        var parsed = ModelQuery.Parse(context.Request.Query);
        return parsed.Page(parsed.Select(Models(), Now), context.Request);
    }

    private static ModelQuery Parse(string query) => ModelQuery.Parse(new QueryCollection(QueryHelpers.ParseQuery(query)));

    private static Model[] Models() =>
    [
        Model("acme/one", "a", 1, 8000, ["text"], ["text"], Now.AddDays(-100)),
        Model("acme/two", "b", 2, 128_000, ["text", "image"], ["text"], Now.AddDays(-1)),
        Model("acme/painter", "c", 3, 4000, ["text"], ["image"], Now.AddDays(-50)),
    ];

    private static Model Model(string id, string provider, decimal price, int context, string[] input, string[] output, DateTimeOffset created) =>
        Candidates.WithEndpoints(new Model
        {
            Id = id,
            CanonicalSlug = id,
            Name = id,
            Created = created.ToUnixTimeSeconds(),
            ContextLength = context,
            InputModalities = input.ToFrozenSet(),
            OutputModalities = output.ToFrozenSet(),
        }, new Pricing { Prompt = price / 1_000_000m, Completion = price / 1_000_000m }, (provider, context));
}
