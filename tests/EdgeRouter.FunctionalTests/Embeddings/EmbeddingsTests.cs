using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;
using static EdgeRouter.FunctionalTests.Embeddings.EmbeddingsCaller;

namespace EdgeRouter.FunctionalTests.Embeddings;

/// <summary><c>POST /embeddings</c> at providers of each wire that carries them.</summary>
public sealed class EmbeddingsTests
{
    private const string GeminiAnswer = """{"embeddings": [{"values": [0.5, -1]}, {"values": [0.25, 1e-3]}]}""";

    private static readonly float[][] Expected = [[0.5f, -1], [0.25f, 0.001f]];

    [Theory]
    [InlineData("float", "[0.5, -1]", "[0.25, 1e-3]")]
    [InlineData("base64", "[0.5, -1]", "[0.25, 1e-3]")]
    [InlineData("float", "'AAAAPwAAgL8='", "'AACAPm8Sgzo='")]
    [InlineData("base64", "'AAAAPwAAgL8='", "'AACAPm8Sgzo='")]
    public async Task Vectors_come_in_the_encoding_that_was_asked_for_whatever_the_provider_answers(string encoding, string first, string second)
    {
        await using var environment = await StartAsync(Gives(Item(0, first), Item(1, second)));

        var answer = await environment.EmbedAsync(more: $"\"encoding_format\":\"{encoding}\"");

        Assert.Equal(200, answer.Status);
        Assert.Equal(Expected, answer.Vectors());
        Assert.All(answer.Json["data"]!.AsArray(), item => Assert.Equal(encoding == "float", item!["embedding"] is JsonArray));
        Assert.Equal([0, 1], answer.Json["data"]!.AsArray().Select(item => item!["index"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Body_is_passed_through_without_the_routers_members_and_the_answer_is_patched()
    {
        await using var environment = await StartAsync(Gives(Item(0, "[0.5, -1]"), Item(1, "[0.25, 1e-3]")));

        var answer = await environment.EmbedAsync("[ \"one\", \"tw\\u00f6\" ]",
            "\"dimensions\":2,\"input_type\":\"search_query\",\"user\":\"u-1\",\"provider\":{\"only\":[\"alpha\"]},\"session_id\":\"s\",\"truncate\":\"END\"");

        var sent = environment["alpha"].Request;
        Assert.Equal("/v1/embeddings", sent.Path);
        Assert.Equal("""{"model":"alpha-model-v1","input":[ "one", "tw\u00f6" ],"dimensions":2,"input_type":"search_query","truncate":"END","user":""",
            sent.Body[..sent.Body.LastIndexOf('"', sent.Body.Length - 3)]);
        Assert.Equal(32, sent.Json["user"]!.GetValue<string>().Length);
        Assert.Equal((answer.GenerationId, "list", TestEnvironment.Model, "Provider alpha"), (answer.Json["id"]!.GetValue<string>(),
            answer.Json["object"]!.GetValue<string>(), answer.Json["model"]!.GetValue<string>(), answer.Json["provider"]!.GetValue<string>()));
        Assert.Equal((PromptTokens, PromptTokens), (answer.Usage!["prompt_tokens"]!.GetValue<int>(), answer.Usage["total_tokens"]!.GetValue<int>()));
        Assert.Equal(PromptTokens * TestCatalog.PromptPrice, answer.Usage["cost"]!.GetValue<decimal>());
        Assert.Null(answer.Header("X-EdgeRouter-Dropped-Parameters"));
    }

    [Theory]
    [InlineData("\"one\"", "\"one\"")]
    [InlineData("[1,2,3]", "[1,2,3]")]
    [InlineData("""[{"content":[{"type":"text","text":"o\"ne"}]}]""", """["o\"ne"]""")]
    [InlineData("""[ {"content": [ {"type":"text", "text":"one"} ] } ]""", """[ "one" ]""")]
    [InlineData("""[{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""",
        """[{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""")]
    [InlineData("""[{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}]""",
        """[{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}]""")]
    public async Task One_input_of_each_kind_reaches_a_provider_of_the_same_format(string input, string sent)
    {
        await using var environment = await StartAsync(Gives(Item(0, "[1]")));

        var answer = await environment.EmbedAsync(input);

        Assert.Equal([[1f]], answer.Vectors());
        Assert.Contains($"\"input\":{sent}", environment["alpha"].Request.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inputs_with_media_stay_objects_when_only_some_are_plain_texts()
    {
        const string Input = """
            [{"content":[{"type":"text","text":"a"}]},{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}]
            """;
        await using var environment = await StartAsync(Gives(Item(0, "[1]"), Item(1, "[2]")));

        await environment.EmbedAsync(Input);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Input), environment["alpha"].Request.Json["input"]));
    }

    [Fact]
    public async Task Vectors_are_put_in_the_order_of_the_inputs()
    {
        await using var environment = await StartAsync(Gives(Item(1, "[2]"), Item(0, "[1]")));

        Assert.Equal([[1f], [2f]], (await environment.EmbedAsync()).Vectors());
    }

    [Theory]
    [InlineData("float")]
    [InlineData("base64")]
    public async Task Gemini_gets_a_batch_of_its_own_requests(string encoding)
    {
        await using var environment = await StartAsync(ProviderAnswer.Body(200, GeminiAnswer), "gemini");

        var answer = await environment.EmbedAsync(more:
            $"\"encoding_format\":\"{encoding}\",\"dimensions\":2,\"input_type\":\"search_document\",\"user\":\"u-1\",\"truncate\":\"END\"");

        Assert.Equal(Expected, answer.Vectors());
        var sent = environment["alpha"].Request;
        Assert.Equal("/v1beta/models/alpha-model-v1:batchEmbedContents", sent.Path);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"requests": [
              {"model": "models/alpha-model-v1", "content": {"parts": [{"text": "one"}]}, "taskType": "RETRIEVAL_DOCUMENT", "outputDimensionality": 2},
              {"model": "models/alpha-model-v1", "content": {"parts": [{"text": "two"}]}, "taskType": "RETRIEVAL_DOCUMENT", "outputDimensionality": 2}]}
            """), sent.Json), sent.Body);
        Assert.Equal("user, truncate", answer.Header("X-EdgeRouter-Dropped-Parameters"));
        // It tells no usage here: the router's estimate is 1 token for 4 bytes.
        Assert.Equal(2, answer.Usage!["prompt_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task Gemini_gets_media_inline_and_its_usage_is_told_by_kind()
    {
        await using var environment = await StartAsync(ProviderAnswer.Body(200, """
            {"embeddings": [{"values": [1]}], "usageMetadata": {"promptTokenCount": 260, "promptTokensDetails": [{"modality": "IMAGE", "tokenCount": 258}]}}
            """), "gemini");

        var answer = await environment.EmbedAsync(
            """[{"content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]""");

        Assert.Equal("""[{"text":"a"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]""",
            environment["alpha"].Request.Json["requests"]![0]!["content"]!["parts"]!.ToJsonString());
        Assert.Equal("""{"text_tokens":2,"image_tokens":258}""", answer.Usage!["prompt_tokens_details"]!.ToJsonString());
    }

    [Fact]
    public async Task Record_says_what_was_asked_and_what_it_cost()
    {
        await using var environment = await StartAsync(Gives(Item(0, "[1]"), Item(1, "[2]")));

        var answer = await environment.EmbedAsync(more: "\"user\":\"u-1\",\"session_id\":\"s-1\"");

        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.Equal("embeddings", record["api_type"]!.GetValue<string>());
        Assert.Equal((PromptTokens, 0), (record["tokens_prompt"]!.GetValue<int>(), record["tokens_completion"]!.GetValue<int>()));
        Assert.Equal(PromptTokens * TestCatalog.PromptPrice, record["usage"]!.GetValue<decimal>());
        Assert.Equal(("u-1", "s-1"), (record["external_user"]!.GetValue<string>(), record["session_id"]!.GetValue<string>()));
        Assert.False(record["streamed"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Metadata_and_the_explanation_of_the_route_work()
    {
        await using var environment = await StartAsync(Gives(Item(0, "[1]"), Item(1, "[2]")));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/embeddings") { Content = new StringContent(Body()) };
        request.Headers.Add("X-OpenRouter-Metadata", "enabled");
        request.Content.Headers.ContentType = new("application/json");

        using var response = await environment.Router.Client.SendAsync(request);
        var answer = await CallerAnswer.ReadAsync(response);
        using var route = await environment.PostEmbeddingsAsync(Body(), "/api/v1/route?api=embeddings");
        var plan = JsonNode.Parse(await route.Content.ReadAsStringAsync())!;

        Assert.NotNull(answer.Json["openrouter_metadata"]);
        Assert.Contains("alpha", plan.ToJsonString(), StringComparison.Ordinal);
        Assert.Single(environment["alpha"].Requests);
    }

    [Theory]
    [InlineData("/v1/models", 0)]
    [InlineData("/v1/models?output_modalities=embeddings", 1)]
    [InlineData("/v1/embeddings/models", 1)]
    [InlineData("/api/v1/embeddings/models?q=nothing", 0)]
    public async Task Lists_show_models_for_embeddings_where_they_are_asked_for(string path, int count)
    {
        await using var environment = await StartAsync(Gives(Item(0, "[1]")));

        using var response = await environment.Router.Client.GetAsync(path);
        var list = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal(count, list["data"]!.AsArray().Count(model => model!["id"]!.GetValue<string>() == TestEnvironment.Model));
        Assert.Contains("total_count", list.AsObject().Select(member => member.Key));
    }
}
