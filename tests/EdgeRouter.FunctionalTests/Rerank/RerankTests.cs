using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Budgets;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Rerank;

/// <summary><c>POST /rerank</c> at providers that answer as Cohere and as Jina do.</summary>
public sealed class RerankTests
{
    private const decimal UnitPrice = 0.002m;

    private const string Cohere = """
        {"id": "c-1", "results": [{"index": 1, "relevance_score": 0.9}, {"index": 0, "relevance_score": 1e-2}],
         "meta": {"api_version": {"version": "2"}, "billed_units": {"search_units": 1}}}
        """;

    private const string Jina = """
        {"model": "jina-reranker-v2", "object": "list", "usage": {"total_tokens": 12}, "results": [
          {"index": 0, "relevance_score": 1e-2, "document": {"text": "never read"}}, {"index": 1, "relevance_score": 0.9}]}
        """;

    [Theory]
    [InlineData("rerank", Cohere, "}", "user")]
    [InlineData("openai-chat", Jina, ",\"user\":\"", null)]
    public async Task Best_document_is_first_and_each_result_has_its_own(string wire, string body, string rest, string? dropped)
    {
        await using var environment = await StartAsync([("alpha", wire, ProviderAnswer.Body(200, body))]);

        var answer = await RankAsync(environment,
            """ "documents":["tw\u00f6",{"text":"one","id":7}],"top_n":2,"user":"u-1","return_documents":true """);

        Assert.Equal(200, answer.Status);
        Assert.Equal("""[{"index":1,"relevance_score":0.9,"document":{"text":"one","id":7}},{"index":0,"relevance_score":1e-2,"document":{"text":"twö"}}]""",
            answer.Body[(answer.Body.IndexOf("\"results\":", StringComparison.Ordinal) + 10)..answer.Body.IndexOf(",\"usage\"", StringComparison.Ordinal)]);
        Assert.Equal((answer.GenerationId, TestEnvironment.Model, "Provider alpha"), (answer.Json["id"]!.GetValue<string>(),
            answer.Json["model"]!.GetValue<string>(), answer.Json["provider"]!.GetValue<string>()));
        var sent = environment["alpha"].Request;
        Assert.Equal("/v1/rerank", sent.Path);
        Assert.StartsWith("""{"model":"alpha-model-v1","query":"What?","documents":["tw\u00f6",{"text":"one","id":7}],"top_n":2""" + rest, sent.Body,
            StringComparison.Ordinal);
        Assert.Null(sent.Json["return_documents"]);
        Assert.Equal(dropped, answer.Header("X-EdgeRouter-Dropped-Parameters"));
    }

    [Fact]
    public async Task Object_of_a_text_alone_is_sent_as_the_text()
    {
        await using var environment = await StartAsync([("alpha", "rerank", ProviderAnswer.Body(200, Cohere))]);

        await RankAsync(environment, """ "documents":[{"text":"a \"b\""},"c"] """);

        Assert.Contains("""["a \"b\"","c"]""", environment["alpha"].Request.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_units_cost_what_a_request_does_and_tokens_what_a_prompt_does()
    {
        await using var cohere = await StartAsync([("alpha", "rerank", ProviderAnswer.Body(200, WithUnits(3)))]);
        await using var jina = await StartAsync([("alpha", "openai-chat", ProviderAnswer.Body(200, Jina))], perToken: true);
        var long300 = string.Join(',', Enumerable.Repeat("\"a\"", 298));

        var units = await RankAsync(cohere, $"\"documents\":[\"a\",\"b\",{long300}],\"top_n\":2");
        var tokens = await RankAsync(jina);

        Assert.Equal((3, 3 * UnitPrice), (units.Usage!["search_units"]!.GetValue<int>(), units.Usage["cost"]!.GetValue<decimal>()));
        Assert.Equal((12, 12 * TestCatalog.PromptPrice), (tokens.Usage!["total_tokens"]!.GetValue<int>(), tokens.Usage["cost"]!.GetValue<decimal>()));
        var record = await cohere.RecordAsync(units.GenerationId);
        Assert.Equal(("rerank", 3 * UnitPrice), (record["api_type"]!.GetValue<string>(), record["usage"]!.GetValue<decimal>()));
        Assert.Equal(3, cohere.Tap.Records.Single().Usage.SearchUnits);
    }

    [Theory]
    [InlineData(1000000, 1)]
    [InlineData(-5, 1)]
    public async Task Units_that_cannot_be_true_are_cut(int told, int charged)
    {
        await using var environment = await StartAsync(
            [("alpha", "rerank", ProviderAnswer.Body(200, WithUnits(told)))]);

        var answer = await RankAsync(environment);

        Assert.Equal(charged * UnitPrice, answer.Usage!["cost"]!.GetValue<decimal>());
    }

    [Theory]
    [InlineData("""{"results": [{"index": 0, "relevance_score": 0.5}]}""", "MismatchedAnswer")]
    [InlineData("""{"results": [{"index": 0, "relevance_score": 0.5}, {"index": 0, "relevance_score": 0.4}]}""", "MalformedAnswer")]
    [InlineData("""{"results": [{"index": 0, "relevance_score": 0.5}, {"index": 2, "relevance_score": 0.4}]}""", "MalformedAnswer")]
    [InlineData("""{"results": [{"index": 0, "relevance_score": 0.5}, {"index": 1}]}""", "MalformedAnswer")]
    [InlineData("""{"results": []}""", "EmptyAnswer")]
    [InlineData("""{"data": 7}""", "MalformedAnswer")]
    [InlineData("""[""", "MalformedAnswer")]
    [InlineData("""{"error": {"message": "The server had an error", "type": "server_error"}}""", "ServerError")]
    public async Task Answer_that_is_none_is_replaced_by_the_next_providers(string body, string outcome)
    {
        await using var environment = await StartAsync(
            [("alpha", "rerank", ProviderAnswer.Body(200, body)), ("beta", "openai-chat", ProviderAnswer.Body(200, Jina))]);

        var answer = await RankAsync(environment, "\"documents\":[\"a\",\"b\"],\"provider\":{\"order\":[\"alpha\",\"beta\"]}");

        Assert.Equal((200, 2), (answer.Status, answer.Attempts));
        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.Equal(outcome, record["provider_responses"]![0]!["outcome"]!.GetValue<string>());
    }

    [Fact]
    public async Task More_results_than_were_asked_for_are_cut_to_the_best()
    {
        await using var environment = await StartAsync([("alpha", "openai-chat", ProviderAnswer.Body(200, Jina))]);

        var answer = await RankAsync(environment, "\"documents\":[\"a\",\"b\"],\"top_n\":1");

        Assert.Equal([1], answer.Json["results"]!.AsArray().Select(result => result!["index"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Request_that_the_limit_cannot_pay_is_refused_before_a_provider_is_asked()
    {
        await using var environment = await StartAsync([("alpha", "rerank", ProviderAnswer.Body(200, Cohere))], limit: 0.003m);
        var many = string.Join(',', Enumerable.Repeat("\"a\"", 101));

        var refused = await RankAsync(environment, $"\"documents\":[{many}]");
        var served = await RankAsync(environment);

        Assert.Equal((402, 200), (refused.Status, served.Status));
        Assert.Single(environment["alpha"].Requests);
        await BudgetedRouter.AssertSettledAsync(environment, UnitPrice);
    }

    [Fact]
    public async Task Url_of_an_image_is_not_passed_on_to_a_provider_in_the_operators_network()
    {
        await using var environment = await StartAsync([("alpha", "openai-chat", ProviderAnswer.Body(200, Jina))]);

        var refused = await RankAsync(environment, """ "documents":["a",{"image":"https://example.com/a.png"}] """);
        var served = await RankAsync(environment, """ "documents":["a",{"image":"data:image/png;base64,AAAA"}] """);

        Assert.Equal((400, "documents[1].image"), (refused.Status, refused.Error!["param"]!.GetValue<string>()));
        Assert.Equal("""{"image":"data:image/png;base64,AAAA"}""", served.Json["results"]![0]!["document"]!.ToJsonString());
    }

    [Fact]
    public async Task Scripted_provider_ranks_by_words_in_common()
    {
        await using var environment = new TestEnvironment();
        await environment.StartRouterAsync();

        var answer = await RankAsync(environment, """ "documents":["stock prices fell","what is a cat","cats and dogs"],"top_n":2 """, "scripted/rerank",
            "what is a cat?");

        Assert.Equal(1, answer.Json["results"]![0]!["index"]!.GetValue<int>());
        Assert.Equal(2, answer.Json["results"]!.AsArray().Count);
        Assert.True(answer.Usage!["total_tokens"]!.GetValue<int>() > 0);
    }

    [Fact]
    public async Task Wire_for_reranking_serves_nothing_else()
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.Silence, "rerank");
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream: false);

        Assert.Equal(404, answer.Status);
        Assert.Contains("no path for the operation chat", answer.Body, StringComparison.Ordinal);
    }

    private static string WithUnits(int units) => Cohere.Replace("\"search_units\": 1", $"\"search_units\": {units}", StringComparison.Ordinal);

    private static async Task<TestEnvironment> StartAsync(IEnumerable<(string Slug, string Wire, ProviderAnswer Answer)> providers, bool perToken = false,
        decimal? limit = null)
    {
        var environment = new TestEnvironment();
        var endpoints = new List<JsonObject>();
        foreach (var (slug, wire, answer) in providers)
        {
            var more = new JsonObject { ["max_completion_tokens"] = null };
            if (!perToken) more["pricing"] = new JsonObject { ["prompt"] = "0", ["completion"] = "0", ["request"] = $"{UnitPrice}" };
            endpoints.Add(TestCatalog.Endpoint(await environment.AddAsync(slug, answer, wire), completionPrice: 0, more: more));
        }
        environment.Catalog.AddModel(TestEnvironment.Model, endpoints, new() { ["output_modalities"] = new JsonArray("rerank") });
        await environment.StartRouterAsync(limit is { } amount ? [BudgetedRouter.Limit(amount)] : []);
        return environment;
    }

    private static async Task<CallerAnswer> RankAsync(TestEnvironment environment, string more = "\"documents\":[\"a\",\"b\"]",
        string model = TestEnvironment.Model, string query = "What?")
    {
        using var response = await environment.Router.Client.PostAsync("/api/v1/rerank",
            new StringContent($"{{\"model\":\"{model}\",\"query\":\"{query}\",{more}}}", Encoding.UTF8, "application/json"));
        return await CallerAnswer.ReadAsync(response);
    }
}
