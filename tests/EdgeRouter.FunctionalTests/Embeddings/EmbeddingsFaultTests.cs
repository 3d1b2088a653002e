using EdgeRouter.FunctionalTests.Budgets;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using Xunit;
using static EdgeRouter.FunctionalTests.Embeddings.EmbeddingsCaller;

namespace EdgeRouter.FunctionalTests.Embeddings;

/// <summary>What goes wrong with embeddings: answers that are none, providers that fail, callers who leave, budgets.</summary>
public sealed class EmbeddingsFaultTests
{
    private static readonly ProviderAnswer Good = Gives(Item(0, "[1, 2]"), Item(1, "[3, 4]"));

    /// <summary>Answers that are no answer to two inputs, and how the failed attempt is called.</summary>
    public static TheoryData<string, string, string> NoAnswers => new()
    {
        { "openai-chat", Whole(Item(0, "[1, 2]")), "MismatchedAnswer" },
        { "openai-chat", Whole(Item(0, "[1, 2]"), Item(0, "[1, 2]")), "MalformedAnswer" },
        { "openai-chat", Whole(Item(0, "[1, 2]"), Item(2, "[1, 2]")), "MalformedAnswer" },
        { "openai-chat", Whole(Item(0, "[1, 2]"), Item(-1, "[1, 2]")), "MalformedAnswer" },
        { "openai-chat", Whole(Item(0, "[1, 2]"), Item(1, "[1]")), "MismatchedAnswer" },
        { "openai-chat", Whole(Item(0, "[1, 2]"), Item(1, "[1, null]")), "MalformedAnswer" },
        { "openai-chat", Whole(Item(0, "[1, 2]"), Item(1, "'AAAAPwA='")), "MalformedAnswer" },
        { "openai-chat", Whole(Item(0, "[1, 2]"), Item(1, "'no base64'")), "MalformedAnswer" },
        { "openai-chat", Whole(Item(0, "[1, 2]"), Item(1, Base64(1, float.NaN))), "MalformedAnswer" },
        { "openai-chat", Whole(Item(0, "[1, 2]"), "{'index': 1}"), "MalformedAnswer" },
        { "openai-chat", Whole(), "EmptyAnswer" },
        { "openai-chat", Whole(Item(0, "[]"), Item(1, "[]")), "EmptyAnswer" },
        { "openai-chat", "{\"choices\": []}", "MalformedAnswer" },
        { "openai-chat", "{\"data\": [", "MalformedAnswer" },
        { "openai-chat", OpenAIWire.Error("The server had an error"), "ServerError" },
        { "gemini", "{\"embeddings\": [{\"values\": [1, 2]}]}", "MismatchedAnswer" },
        { "gemini", "{\"embeddings\": [{\"values\": [1, 2]}, {}]}", "MismatchedAnswer" },
        { "gemini", "{\"embeddings\": []}", "EmptyAnswer" },
        { "gemini", "{\"predictions\": []}", "MalformedAnswer" },
    };

    [Theory]
    [MemberData(nameof(NoAnswers))]
    public async Task Answer_that_is_none_is_replaced_by_the_next_providers(string wire, string body, string outcome)
    {
        await using var environment = await StartAsync([("alpha", wire, ProviderAnswer.Body(200, body)), ("beta", "openai-chat", Good)]);

        var answer = await environment.EmbedAsync(more: "\"dimensions\":2," + InOrder);

        Assert.Equal([[1f, 2f], [3f, 4f]], answer.Vectors());
        Assert.Equal(2, answer.Attempts);
        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.Equal(outcome, record["provider_responses"]![0]!["outcome"]!.GetValue<string>());
    }

    [Fact]
    public async Task Vectors_of_another_length_than_asked_for_are_no_answer()
    {
        await using var environment = await StartAsync(Good);

        var answer = await environment.EmbedAsync(more: "\"dimensions\":3");

        Assert.Equal(502, answer.Status);
        Assert.Contains("2 dimensions, expected 3", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("gemini")]
    public async Task Failing_provider_is_replaced_by_the_next(string wire)
    {
        await using var environment = await StartAsync([("alpha", wire, ProviderAnswer.Body(503, "{}")), ("beta", "openai-chat", Good)]);

        var answer = await environment.EmbedAsync(more: InOrder);

        Assert.Equal((200, 2), (answer.Status, answer.Attempts));
        Assert.Equal(2, answer.Vectors().Length);
    }

    [Fact]
    public async Task Token_ids_go_past_a_provider_without_them_to_one_that_takes_them()
    {
        await using var environment = await StartAsync([("alpha", "gemini", ProviderAnswer.Silence), ("beta", "openai-chat", Good)]);

        var answer = await environment.EmbedAsync("[[1,2],[3]]", InOrder);

        Assert.Equal(200, answer.Status);
        Assert.Empty(environment["alpha"].Requests);
        Assert.Contains("\"input\":[[1,2],[3]]", environment["beta"].Request.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[[1,2],[3]]", "input", "takes no token ids")]
    [InlineData("HUNDRED", "input", "at most 100 inputs")]
    [InlineData("""[{"content":[{"type":"image_url","image_url":{"url":"data:nothing"}}]}]""", "input[0].content[0].image_url.url", "data: URL")]
    public async Task What_no_provider_can_carry_is_refused_by_name(string input, string field, string message)
    {
        await using var environment = await StartAsync(ProviderAnswer.Silence, "gemini");

        var answer = await environment.EmbedAsync(input == "HUNDRED" ? $"[{string.Join(',', Enumerable.Repeat("\"a\"", 101))}]" : input);

        Assert.Equal((400, field), (answer.Status, answer.Error!["param"]!.GetValue<string>()));
        Assert.Contains(message, answer.Error["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Url_is_not_passed_on_to_a_provider_in_the_operators_network()
    {
        await using var environment = await StartAsync(Good);

        var answer = await environment.EmbedAsync("""[{"content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]""");

        Assert.Equal((400, "input[0].content[0].image_url.url"), (answer.Status, answer.Error!["param"]!.GetValue<string>()));
        Assert.Empty(environment["alpha"].Requests);
    }

    [Fact]
    public async Task Model_that_makes_no_embeddings_is_no_candidate()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Never said"));

        var answer = await environment.EmbedAsync();

        Assert.Equal(404, answer.Status);
        Assert.Contains("does not support embeddings output", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_for_embeddings_answers_no_chat()
    {
        await using var environment = await StartAsync(Good);

        var answer = await environment.ChatAsync(stream: false);

        Assert.Equal(404, answer.Status);
        Assert.Contains("does not support text output", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wire_without_a_path_for_embeddings_is_excluded_with_that_reason()
    {
        await using var environment = await StartAsync(ProviderAnswer.Silence, "anthropic-messages");

        var answer = await environment.EmbedAsync();

        Assert.Equal(404, answer.Status);
        Assert.Contains("no path for the operation embeddings", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Input_that_certainly_exceeds_the_context_is_refused_before_a_provider_is_asked()
    {
        await using var environment = await StartAsync(Good);

        var answer = await environment.EmbedAsync($"\"{new string('a', 6006)}\"");

        Assert.Equal(404, answer.Status);
        Assert.Contains("at most 1000 tokens an input, at least 1001 given", answer.Body, StringComparison.Ordinal);
        Assert.Empty(environment["alpha"].Requests);
    }

    [Fact]
    public async Task Batch_that_the_limit_cannot_pay_is_refused_and_one_that_it_can_is_settled()
    {
        await using var environment = await StartAsync(Gives(Item(0, "[1]"), Item(1, "[2]")), "openai-chat", BudgetedRouter.Limit(0.0025m));

        var refused = await environment.EmbedAsync($"[\"{new string('a', 2000)}\",\"{new string('b', 2000)}\",\"c\"]");
        var served = await environment.EmbedAsync();

        Assert.Equal(402, refused.Status);
        Assert.Contains("fewer input", refused.Error!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(200, served.Status);
        Assert.Single(environment["alpha"].Requests);
        await BudgetedRouter.AssertSettledAsync(environment, PromptTokens * TestCatalog.PromptPrice);
    }

    [Fact]
    public async Task Usage_beyond_what_the_inputs_can_be_is_cut_and_disputed()
    {
        await using var environment = await StartAsync(ProviderAnswer.Body(200, """
            {"data": [{"index": 0, "embedding": [1]}], "usage": {"prompt_tokens": 1000000000, "total_tokens": 1000000000}}
            """));

        var answer = await environment.EmbedAsync("\"one\"");

        Assert.Equal(1000, answer.Usage!["prompt_tokens"]!.GetValue<int>());
        Assert.Equal(1000 * TestCatalog.PromptPrice, answer.Usage["cost"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Total_alone_is_the_usage()
    {
        await using var environment = await StartAsync(ProviderAnswer.Body(200, """{"data": [{"embedding": [1]}], "usage": {"total_tokens": 9}}"""));

        Assert.Equal(9, (await environment.EmbedAsync("\"one\"")).Usage!["prompt_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task Caller_who_leaves_stops_the_provider_and_is_charged_for_the_input()
    {
        await using var environment = await StartAsync(ProviderAnswer.Silence);
        using var leaving = new CancellationTokenSource();

        var asking = environment.PostEmbeddingsAsync(Body(), cancellationToken: leaving.Token);
        await environment["alpha"].WaitForRequestsAsync();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await environment["alpha"].Request.ClosedByRouter.WaitAsync(TimeSpan.FromSeconds(10));
        var record = await Eventually.NotNullAsync(() => Task.FromResult(environment.Tap.Records.SingleOrDefault()), "the record is written");
        Assert.True(record.Cancelled);
        Assert.Equal(2, record.Usage.Input);
        Assert.True(record.Cost.Value > 0);
    }

    private static string InOrder => "\"provider\":{\"order\":[\"alpha\",\"beta\"]}";
}
