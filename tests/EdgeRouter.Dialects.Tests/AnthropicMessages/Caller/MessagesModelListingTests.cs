using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.AnthropicMessages.Caller;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.TestSupport.Routing;
using Xunit;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages.Caller;

/// <summary>Anthropic's list of models: its members, and its pages by the id before or after them.</summary>
public sealed class MessagesModelListingTests
{
    private static readonly IModelListing Listing = new MessagesCallerApi().ModelListing;
    private static readonly IReadOnlyList<Model> Models = SampleCatalog.Create(50, 1).Models;

    [Fact]
    public void A_model_has_every_member_of_Anthropics()
    {
        var output = new ArrayBufferWriter<byte>();
        Listing.WriteModel(Models[0], output);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"type":"model","id":"author0/model-0","display_name":"author0/model-0","created_at":"1970-01-01T00:00:00Z","max_input_tokens":null,
             "max_tokens":16000,"lifecycle":"active","capabilities":null,"line":null,"deprecated_at":null,"retires_at":null}
            """), JsonNode.Parse(Encoding.UTF8.GetString(output.WrittenSpan))));
    }

    [Theory]
    [InlineData("", 0, 20, true)]
    [InlineData("limit=3", 0, 3, true)]
    [InlineData("limit=50", 0, 50, false)]
    [InlineData("limit=1000", 0, 50, false)]
    [InlineData("after_id=47", 48, 2, false)]
    [InlineData("after_id=10&limit=5", 11, 5, true)]
    [InlineData("after_id=49", 50, 0, false)]
    [InlineData("before_id=10&limit=5", 5, 5, true)]
    [InlineData("before_id=3", 0, 3, false)]
    [InlineData("before_id=0", 0, 0, false)]
    [InlineData("after_id=2&before_id=6", 3, 3, false)]
    [InlineData("after_id=6&before_id=2", 0, 0, false)]
    public void Query_cuts_the_page(string query, int first, int count, bool hasMore)
    {
        var page = Page(query);

        Assert.Equal(Models.Skip(first).Take(count).Select(model => model.Id), page["data"]!.AsArray().Select(model => (string)model!["id"]!));
        Assert.Equal(hasMore, (bool)page["has_more"]!);
        Assert.Equal(count == 0 ? null : Models[first].Id, (string?)page["first_id"]);
        Assert.Equal(count == 0 ? null : Models[first + count - 1].Id, (string?)page["last_id"]);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("after_id=99", "after_id")]
    [InlineData("before_id=99", "before_id")]
    public void Bad_query_is_400_that_names_the_parameter(string query, string parameter)
    {
        var error = Assert.Throws<RouterException>(() => Page(query)).Error;

        Assert.Equal((400, parameter), (error.Status, error.Field));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Its_clients_are_known_by_their_version_header(bool given) =>
        Assert.Equal(given, Listing.IsAsked(new Head([], given ? "2023-06-01" : null)));

    private static JsonNode Page(string query)
    {
        var values = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[0].EndsWith("_id", StringComparison.Ordinal) ? IdOf(pair[1]) : pair[1]);
        var output = new ArrayBufferWriter<byte>();
        Listing.WriteList(Models, new Head(values, null), output);
        return JsonNode.Parse(Encoding.UTF8.GetString(output.WrittenSpan))!;
    }

    private static string IdOf(string index) => int.Parse(index, null) is var i && i < Models.Count ? Models[i].Id : "nobody/nothing";

    private sealed class Head(Dictionary<string, string> query, string? version) : IRequestHead
    {
        public string? Header(string name) => name == "anthropic-version" ? version : null;

        public string? RouteValue(string name) => null;

        public string? Query(string name) => query.GetValueOrDefault(name);
    }
}
