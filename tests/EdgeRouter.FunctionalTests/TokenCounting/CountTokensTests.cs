using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.TokenCounting;

/// <summary><c>POST /messages/count_tokens</c> on real sockets: by the provider's own route where it has one, else by the router.</summary>
public sealed class CountTokensTests
{
    private const string Path = "/v1/messages/count_tokens";
    private const string Request = """
        {"model":"acme/one","max_tokens":5,"stream":true,"temperature":0.5,"system":"Be kind.","messages":[{"role":"user","content":"Hello, router"}],
         "tools":[{"name":"clock","description":"Tells the time","input_schema":{"type":"object","properties":{}}}]}
        """;

    [Theory, InlineData("/v1/messages/count_tokens"), InlineData("/api/v1/messages/count_tokens?beta=true")]
    public async Task Provider_of_the_same_format_counts_and_gets_only_what_has_tokens(string path)
    {
        await using var environment = await StartAsync("anthropic-messages", ProviderAnswer.Body(200, "{\"input_tokens\":4711}"));

        var (status, answer, source) = await CountAsync(environment, Request, path);

        Assert.Equal((200, "{\"input_tokens\":4711}", "measured"), (status, answer.ToJsonString(), source));
        var asked = environment["alpha"].Request;
        Assert.EndsWith("/messages/count_tokens", asked.Path, StringComparison.Ordinal);
        Assert.Equal(["messages", "model", "system", "tools"], asked.Json.AsObject().Select(member => member.Key).Order());
        Assert.Equal(environment["alpha"].UpstreamModel, (string?)asked.Json["model"]);
        Assert.Empty(environment.Tap.Records);
    }

    [Fact]
    public async Task Gemini_counts_too()
    {
        await using var environment = await StartAsync("gemini", ProviderAnswer.Body(200, "{\"totalTokens\":31}"));

        var (_, answer, source) = await CountAsync(environment, Request);

        Assert.Equal((31, "measured"), ((int)answer["input_tokens"]!, source));
        var asked = environment["alpha"].Request;
        Assert.EndsWith(":countTokens", asked.Path, StringComparison.Ordinal);
        Assert.Equal($"models/{environment["alpha"].UpstreamModel}", (string?)asked.Json["generateContentRequest"]!["model"]);
        Assert.Equal("Hello, router", (string?)asked.Json["generateContentRequest"]!["contents"]![0]!["parts"]![0]!["text"]);
    }

    [Fact]
    public async Task Where_the_wire_has_no_counting_route_the_router_counts_and_calls_nobody()
    {
        await using var environment = await StartAsync("openai-chat", OpenAIWire.Says("never"));

        var (status, answer, source) = await CountAsync(environment, Request);

        Assert.Equal((200, "counted"), (status, source));
        Assert.InRange((int)answer["input_tokens"]!, 15, 60);
        Assert.Empty(environment["alpha"].Requests);
        Assert.Empty(environment.Tap.Records);

        var longer = Request.Replace("Hello, router", "Hello, router" + string.Concat(Enumerable.Repeat(" and again", 500)), StringComparison.Ordinal);
        Assert.Equal(1000, (int)(await CountAsync(environment, longer)).Answer["input_tokens"]! - (int)answer["input_tokens"]!);
    }

    [Fact]
    public async Task More_counts_at_the_same_time_than_an_instance_takes_are_refused()
    {
        await using var environment = await StartAsync("anthropic-messages", ProviderAnswer.Silence);
        using var leaving = new CancellationTokenSource();
        var underway = Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(_ => SendAsync(leaving.Token)).ToList();
        await environment["alpha"].WaitForRequestsAsync(underway.Count);

        var (status, answer, _) = await CountAsync(environment, Request);

        Assert.Equal((429, "rate_limit_error"), (status, (string?)answer["error"]!["type"]));
        await leaving.CancelAsync();
        foreach (var one in underway) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);

        Task<HttpResponseMessage> SendAsync(CancellationToken left) =>
            environment.Router.Client.PostAsync(Path, new StringContent(Request, Encoding.UTF8, "application/json"), left);
    }

    [Theory]
    [InlineData(500, "{}")]
    [InlineData(404, "{}")]
    [InlineData(200, "{\"input_tokens\":\"many\"}")]
    [InlineData(200, "not json")]
    public async Task Where_the_provider_does_not_tell_the_router_counts(int status, string body)
    {
        await using var environment = await StartAsync("anthropic-messages", ProviderAnswer.Body(status, body));

        var (code, answer, source) = await CountAsync(environment, Request);

        Assert.Equal((200, "counted"), (code, source));
        Assert.InRange((int)answer["input_tokens"]!, 15, 60);
    }

    [Theory]
    [InlineData("""{"model":"acme/one"}""", 400, "invalid_request_error", "messages: required")]
    [InlineData("""{"model":"acme/none","messages":[{"role":"user","content":"Hi"}]}""", 400, "invalid_request_error", "model: 'acme/none' is not a model")]
    [InlineData("""{"model":"acme/one","messages":[{"role":"user","content":"Hi"}],"provider":{"ignore":["alpha"]}}""", 404, "not_found_error", "No endpoint")]
    public async Task Wrong_request_is_an_error_of_the_same_API(string body, int status, string type, string message)
    {
        await using var environment = await StartAsync("openai-chat", OpenAIWire.Says("never"));

        var (code, answer, _) = await CountAsync(environment, body);

        Assert.Equal((status, type), (code, (string?)answer["error"]!["type"]));
        Assert.StartsWith(message, (string?)answer["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_needs_an_inference_key_and_no_money()
    {
        await using var environment = await StartAsync("openai-chat", OpenAIWire.Says("never"), ("Credits", "0"));
        Assert.Equal(200, (await CountAsync(environment, Request)).Status);

        Assert.Equal(401, (await CountAsync(environment, Request, client: environment.Router.ClientOf("sk-wrong"))).Status);
        Assert.Equal(403, (await CountAsync(environment, Request, client: environment.Router.Management)).Status);
    }

    private static async Task<TestEnvironment> StartAsync(string dialect, ProviderAnswer answer, params (string Path, string Value)[] settings)
    {
        var environment = new TestEnvironment();
        await environment.AddAsync("alpha", answer, dialect);
        await environment.StartRouterAsync(settings);
        return environment;
    }

    private static async Task<(int Status, JsonNode Answer, string? Source)> CountAsync(TestEnvironment environment, string body, string path = Path,
        HttpClient? client = null)
    {
        using var response = await (client ?? environment.Router.Client).PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        var source = response.Headers.TryGetValues("X-EdgeRouter-Token-Count", out var values) ? values.Single() : null;
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!, source);
    }
}
