using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace EdgeRouter.FunctionalTests.Clouds;

/// <summary>Publishers of Vertex AI: tokens of a service account, and paths that rows of the provider table describe.</summary>
public sealed class VertexTests
{
    private const string Project = "/v1/projects/p1/locations/global/publishers/";

    [Theory]
    [InlineData(false, "models/alpha-model-v1:generateContent")]
    [InlineData(true, "models/alpha-model-v1:streamGenerateContent?alt=sse")]
    public async Task Googles_models_are_asked_with_a_token_of_the_service_account(bool stream, string path)
    {
        await using var environment = await StartAsync("google-vertex", "gemini", GeminiWire.Says("Hello from Gemini"));

        var answer = await environment.ChatAsync(stream);

        Assert.Equal("Hello from Gemini", answer.Text);
        var asked = environment["alpha"].Requests[^1];
        Assert.Equal((Project + "google/" + path, "Bearer token-1"), (asked.Path, asked.Headers["Authorization"]));
    }

    [Theory]
    [InlineData(false, "models/alpha-model-v1:rawPredict")]
    [InlineData(true, "models/alpha-model-v1:streamRawPredict")]
    public async Task Anthropics_models_have_their_version_in_the_body_and_their_name_in_the_path(bool stream, string path)
    {
        await using var environment = await StartAsync("google-vertex-anthropic", "anthropic-messages", AnthropicWire.Says("Hello from Claude"));

        var answer = await environment.ChatAsync(stream);

        Assert.Equal("Hello from Claude", answer.Text);
        AssertAsked(environment, path);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Messages_are_passed_through_to_Anthropics_models(bool stream)
    {
        await using var environment = await StartAsync("google-vertex-anthropic", "anthropic-messages", AnthropicWire.Says("Hello from Claude"));
        var body = new JsonObject
        {
            ["model"] = TestEnvironment.Model,
            ["max_tokens"] = 50,
            ["stream"] = stream,
            ["anthropic_version"] = "another",
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Hello" }),
        };

        using var response = await environment.Router.Client.PostAsync("/api/v1/messages", new StringContent(body.ToJsonString(), null, "application/json"));

        Assert.Contains("Hello from Claude", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        AssertAsked(environment, stream ? "models/alpha-model-v1:streamRawPredict" : "models/alpha-model-v1:rawPredict");
    }

    [Fact]
    public async Task Token_is_asked_for_once()
    {
        await using var environment = await StartAsync("google-vertex", "gemini", GeminiWire.Says("Hello"));

        for (var i = 0; i < 3; i++) await environment.ChatAsync(stream: false);

        Assert.Single(environment["alpha"].Requests, request => request.Path == "/token");
    }

    private static void AssertAsked(TestEnvironment environment, string path)
    {
        var asked = environment["alpha"].Requests[^1];
        Assert.Equal((Project + "anthropic/" + path, "Bearer token-1"), (asked.Path, asked.Headers["Authorization"]));
        Assert.Equal("vertex-2023-10-16", asked.Json["anthropic_version"]!.GetValue<string>());
        Assert.Null(asked.Json["model"]);
    }

    /// <summary>A router whose provider has what differs from its wire from a row of the provider table.</summary>
    private static async Task<TestEnvironment> StartAsync(string row, string dialect, ProviderAnswer answer)
    {
        var environment = new TestEnvironment { SendsKeys = false };
        var provider = await environment.AddAsync("alpha", ProviderAnswer.OverHttp((context, request) => request.Path == "/token"
            ? context.Response.WriteAsJsonAsync(new { access_token = "token-1", expires_in = 3600, token_type = "Bearer" })
            : answer.Http!(context, request)), dialect, ProviderRow.WithoutPlace(row));
        var origin = new Uri(provider.BaseUrl).GetLeftPart(UriPartial.Authority);
        using var key = RSA.Create(2048);
        var account = new JsonObject
        {
            ["type"] = "service_account",
            ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
            ["client_email"] = "router@example.iam",
            ["token_uri"] = origin + "/token",
        }.ToJsonString();
        await environment.StartRouterAsync(("Providers:alpha:BaseUrl", ProviderRow.PathOf(row, origin)), ("Providers:alpha:Variables:project", "p1"),
            ("Providers:alpha:Variables:location", "global"), ("Providers:alpha:Credentials:ServiceAccount", account));
        return environment;
    }
}
