using System.Net;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Messages;
using EdgeRouter.FunctionalTests.Privacy;
using EdgeRouter.FunctionalTests.Stubs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EdgeRouter.FunctionalTests.Gemini;

/// <summary>What is special to Gemini's API: paths, keys, keep-alives, Google's own tools, failover.</summary>
public sealed class GeminiTests
{
    private const string Method = ":generateContent";

    [Theory]
    [InlineData("/v1beta/models/acme/one")]
    [InlineData("/v1beta/models/acme%2Fone")]
    [InlineData("/v1beta/models/acme%2fone")]
    [InlineData("/v1beta/models/models/acme/one")]
    [InlineData("/v1alpha/models/acme/one")]
    [InlineData("/v1/models/acme/one")]
    [InlineData("/v1/models/acme%2Fone")]
    [InlineData("/api/v1beta/models/acme/one")]
    [InlineData("/api/v1/models/acme/one")]
    [InlineData("/api/v1/v1beta/models/acme/one")]
    [InlineData("/v1/v1beta/models/acme/one")]
    [InlineData("/v1beta/models/acme/one:floor")]
    [InlineData("/v1beta/models/acme/one%3Afloor")]
    public async Task Path_of_every_base_URL_is_served(string path)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));

        using var response = await environment.PostGeminiAsync(path + Method);
        var answer = await GeminiAnswer.ReadAsync(response);

        Assert.Equal((200, "Hello"), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("/v1beta/models/acme/one:embedContent")]
    [InlineData("/v1beta/models/acme/one")]
    public async Task Other_path_is_served_by_nobody(string path)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("never"));

        using var response = await environment.PostGeminiAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Unknown_model_of_the_path_is_explained_in_Googles_envelope()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("never"));

        using var response = await environment.PostGeminiAsync("/v1beta/models/nobody%2F%22nothing%22:generateContent");
        var answer = await GeminiAnswer.ReadAsync(response);

        Assert.Equal((400, "INVALID_ARGUMENT"), (answer.Status, (string?)answer.Error!["status"]));
        Assert.Equal("model", (string?)answer.Error["details"]![0]!["fieldViolations"]![0]!["field"]);
        Assert.Equal("model_not_found", (string?)answer.Error["metadata"]!["availability"]!["code"]);
    }

    [Theory]
    [InlineData("", "x-goog-api-key")]
    [InlineData("?key=" + RouterUnderTest.InferenceKey, null)]
    [InlineData("?alt=json&key=" + RouterUnderTest.InferenceKey + "&prettyPrint=false", null)]
    public async Task Key_is_taken_from_its_header_or_the_query(string query, string? header)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", GeminiWire.Says("Hello"), "gemini");
        using var logs = new CollectedLogs();
        await environment.StartRouterAsync(services => services.AddLogging(logging => logging.AddProvider(logs)));
        using var client = environment.Router.ClientOf(null);

        using var response = await environment.PostGeminiAsync("/v1beta/models/acme/one:generateContent" + query, client: client,
            headers: header is null ? [] : [(header, RouterUnderTest.InferenceKey)]);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var sent = environment["alpha"].Request;
        Assert.DoesNotContain(RouterUnderTest.InferenceKey, sent.Path + sent.Body + string.Join(' ', sent.Headers.Values), StringComparison.Ordinal);
        Assert.DoesNotContain(logs.Entries, entry => entry.Contains(RouterUnderTest.InferenceKey, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/api/v1/chat/completions?key=" + RouterUnderTest.InferenceKey)]
    [InlineData("/api/v1/messages?key=" + RouterUnderTest.InferenceKey)]
    public async Task Key_in_the_query_of_another_API_is_none(string path)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("never"));
        using var client = environment.Router.ClientOf(null);

        using var response = await environment.PostGeminiAsync(path, client: client);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("?key=sk-wrong-0123456789abcdef", 401, "UNAUTHENTICATED")]
    [InlineData("", 401, "UNAUTHENTICATED")]
    [InlineData("?key=" + RouterUnderTest.ManagementKey, 403, "PERMISSION_DENIED")]
    public async Task Wrong_key_is_refused_in_Googles_envelope(string query, int status, string word)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("never"));
        using var client = environment.Router.ClientOf(null);

        using var response = await environment.PostGeminiAsync("/v1beta/models/acme/one:streamGenerateContent" + query, client: client);
        var answer = await GeminiAnswer.ReadAsync(response);

        Assert.Equal((status, word), (answer.Status, (string?)answer.Error!["status"]));
        Assert.DoesNotContain("sk-", answer.Error.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?alt=sse", "data: ")]
    [InlineData("", "[{")]
    public async Task Silent_provider_is_bridged_with_empty_lines(string query, string start)
    {
        using var steps = new SemaphoreSlim(0);
        await using var environment = await TestEnvironment.StartAsync(
            ProviderAnswer.StreamInSteps(steps, OpenAIWire.Role, OpenAIWire.Text("Hello"), OpenAIWire.Stop + OpenAIWire.Usage + OpenAIWire.Done),
            ("Limits:KeepAliveSeconds", "0.1"));

        using var response = await environment.PostGeminiAsync("/v1beta/models/acme/one:streamGenerateContent" + query);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal("", await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30),
            TestContext.Current.CancellationToken));
        steps.Release(2);
        var rest = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim();

        Assert.StartsWith(start, rest, StringComparison.Ordinal);
        if (query.Length == 0) Assert.Equal(2, JsonNode.Parse(rest)!.AsArray().Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tool_of_Googles_goes_only_to_a_provider_that_has_it(bool stream)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Says("never"));
        var beta = await environment.AddAsync("beta", GeminiWire.Says("Hello"), "gemini");
        await environment.StartRouterAsync();

        var answer = await environment.GenerateAsync(stream, "\"tools\":[{\"googleSearch\":{}}],\"provider\":{\"order\":[\"alpha\",\"beta\"]}");

        Assert.Equal("Hello", answer.Text);
        Assert.Empty(alpha.Requests);
        Assert.Equal("{}", beta.Request.Json["tools"]![0]!["googleSearch"]!.ToJsonString());
    }

    [Fact]
    public async Task Tool_of_Googles_that_no_provider_has_is_explained()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("never"));

        var answer = await environment.GenerateAsync(stream: false, "\"tools\":[{\"googleSearch\":{}}]");

        Assert.Equal((404, "NOT_FOUND"), (answer.Status, (string?)answer.Error!["status"]));
        Assert.Contains("googleSearch", (string)answer.Error["metadata"]!["exclusions"]![0]!["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Second_provider_of_another_wire_serves_when_the_first_fails(bool stream)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.Body(503, "{\"error\":{\"code\":503,\"message\":\"Overloaded\",\"status\":\"UNAVAILABLE\"}}"),
            "gemini");
        await environment.AddAsync("beta", WireAnswers.Says("anthropic-messages", "Hello"), "anthropic-messages");
        await environment.StartRouterAsync();

        var answer = await environment.GenerateAsync(stream, "\"provider\":{\"order\":[\"alpha\",\"beta\"]}");

        Assert.Equal(("Hello", "2"), (answer.Text, answer.Headers["X-EdgeRouter-Attempts"]));
    }

    [Fact]
    public async Task Unknown_member_passes_to_its_own_format_and_is_named_elsewhere()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", GeminiWire.Says("Hello"), "gemini");
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Hello"));
        await environment.StartRouterAsync();

        await environment.GenerateAsync(stream: false, "\"x_own\":{\"deep\":[1]},\"provider\":{\"only\":[\"alpha\"]}");
        var other = await environment.GenerateAsync(stream: false, "\"x_own\":{\"deep\":[1]},\"provider\":{\"only\":[\"beta\"]}");

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("{\"deep\":[1]}"), alpha.Request.Json["x_own"]));
        Assert.Null(beta.Request.Json["x_own"]);
        Assert.Equal("x_own", other.Headers["X-EdgeRouter-Dropped-Parameters"]);
    }

    [Fact]
    public async Task Plan_of_a_request_is_told_without_calling_a_provider()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("never"));

        using var response = await environment.PostGeminiAsync("/api/v1/route?api=gemini", GeminiCaller.Body("\"model\":\"acme/one\""));
        var plan = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal("acme/one", (string?)plan["data"]!["candidates"]![0]!["model"]);
        Assert.Empty(environment["alpha"].Requests);
    }

    [Fact]
    public async Task Broken_stream_is_continued_by_another_endpoint_for_callers_who_ask_for_it()
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Text("Hello")));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello again"), more: new JsonObject { ["prefill"] = "prefix" });
        await environment.StartRouterAsync();

        var answer = await environment.GenerateAsync(stream: true, "\"provider\":{\"order\":[\"alpha\",\"beta\"],\"resume\":true}");

        Assert.Equal(("Hello again", "STOP"), (answer.Text, answer.FinishReason));
    }
}
