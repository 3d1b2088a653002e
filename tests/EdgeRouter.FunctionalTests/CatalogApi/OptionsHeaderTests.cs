using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.CatalogApi;

/// <summary>The router's members in the header <c>X-EdgeRouter-Options</c>, on every caller API over real sockets.</summary>
public sealed class OptionsHeaderTests
{
    [Theory, MemberData(nameof(ModelNameTests.EveryApi), MemberType = typeof(ModelNameTests))]
    public async Task Preferences_in_the_header_decide_who_serves_and_are_not_sent_on(string api, string members)
    {
        await using var environment = await StartAsync();

        foreach (var slug in (string[])["beta", "alpha"])
        {
            var (status, answer, provider) = await PostAsync(environment, api, members, $"{{\"provider\":{{\"only\":[\"{slug}\"]}}}}");
            Assert.True(status == 200, $"{answer}");
            Assert.Equal(slug, provider);
        }
        Assert.DoesNotContain("only", environment["beta"].Request.Json.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(ModelNameTests.EveryApi), MemberType = typeof(ModelNameTests))]
    public async Task Models_in_the_header_are_fallbacks(string api, string members)
    {
        await using var environment = await StartAsync();
        environment["alpha"].Answer = OpenAIWire.Fails(500);
        environment["beta"].Answer = OpenAIWire.Fails(500);

        var (status, answer, provider) = await PostAsync(environment, api, members, """{"models":["acme/other"]}""");

        Assert.True(status == 200, $"{answer}");
        Assert.Equal(("acme/other", "gamma"), ((string?)answer["model"], provider));
    }

    [Theory, MemberData(nameof(ModelNameTests.EveryApi), MemberType = typeof(ModelNameTests))]
    public async Task Faults_name_the_header(string api, string members)
    {
        await using var environment = await StartAsync();
        foreach (var (header, message) in ((string, string)[])[
            ("""{"provider":{"order":["alpha",1]}}""", "X-EdgeRouter-Options.provider.order[1]: "),
            ("""{"provider":{"sort":"beauty"}}""", "X-EdgeRouter-Options.provider.sort: expected one of"),
            ("""{"models":["acme/one","acme/nothing"]}""", "X-EdgeRouter-Options.models[1]: 'acme/nothing' is not a model"),
            ("""{"provider":{"only":["nobody-knows-me"]}}""", "X-EdgeRouter-Options.provider.only[0]: "),
            ("not json", "X-EdgeRouter-Options: expected JSON")])
        {
            var (status, answer, _) = await PostAsync(environment, api, members, header);
            Assert.Equal(400, status);
            Assert.StartsWith(message, (string?)answer["error"]!["message"], StringComparison.Ordinal);
        }

        var (code, both, _) = await PostAsync(environment, api, members + ",\"models\":[\"acme/one\"]", """{"models":["acme/other"]}""");
        Assert.Equal((400, "X-EdgeRouter-Options.models: given in the body too, as models; give it once"), (code, (string?)both["error"]!["message"]));
        Assert.Empty(environment["alpha"].Requests);
    }

    [Fact]
    public async Task Session_in_the_header_is_in_the_record()
    {
        await using var environment = await StartAsync();
        using var request = Request("chat/completions", """ "messages":[{"role":"user","content":"Hi"}] """, """{"session_id":"s-1"}""");
        using var response = await environment.Router.Client.SendAsync(request);
        var answer = await CallerAnswer.ReadAsync(response);

        Assert.Equal("s-1", (string?)(await environment.RecordAsync(answer.GenerationId))["session_id"]);
    }

    private static async Task<TestEnvironment> StartAsync()
    {
        var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Says("Hello"));
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Hello"));
        var gamma = await environment.AddAsync("gamma", OpenAIWire.Says("Hello"));
        environment.Catalog.AddModel("acme/one", [TestCatalog.Endpoint(alpha), TestCatalog.Endpoint(beta)]);
        environment.Catalog.AddModel("acme/other", [TestCatalog.Endpoint(gamma)]);
        await environment.StartRouterAsync();
        return environment;
    }

    private static HttpRequestMessage Request(string api, string members, string options) => new(HttpMethod.Post, $"/v1/{api}")
    {
        Content = new StringContent($"{{\"model\":\"acme/one\",{members}}}", Encoding.UTF8, "application/json"),
        Headers = { { "X-EdgeRouter-Options", options } },
    };

    private static async Task<(int Status, JsonNode Answer, string? Provider)> PostAsync(TestEnvironment environment, string api, string members,
        string options)
    {
        using var request = Request(api, members, options);
        using var response = await environment.Router.Client.SendAsync(request);
        var provider = response.Headers.TryGetValues("X-EdgeRouter-Provider", out var values) ? values.Single() : null;
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!, provider);
    }
}
