using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.FunctionalTests;

/// <summary>
/// Stub providers, a router in front of them, and a caller. Unless told otherwise all providers serve the model <see cref="Model"/> and are tried in
/// the order in which they were added.
/// </summary>
internal sealed class TestEnvironment : IAsyncDisposable
{
    public const string Model = "acme/one";
    public const string ChatPath = "/api/v1/chat/completions";
    public const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello, router\"}]";

    private readonly List<StubProvider> providers = [];
    private RouterUnderTest? router;

    public TestCatalog Catalog { get; } = new();

    /// <summary>Whether the router has a key of each provider.</summary>
    public bool SendsKeys { get; init; } = true;

    /// <summary>Every record that the router handed over.</summary>
    public RecordTap Tap { get; } = new();

    public RouterUnderTest Router => router ?? throw new InvalidOperationException("The router is not started.");

    /// <summary>An environment of one provider and a running router.</summary>
    public static async Task<TestEnvironment> StartAsync(ProviderAnswer answer, params (string Path, string Value)[] settings)
    {
        var environment = new TestEnvironment();
        await environment.AddAsync("alpha", answer);
        await environment.StartRouterAsync(settings);
        return environment;
    }

    /// <summary>The provider of that slug.</summary>
    public StubProvider this[string slug] => providers.Single(provider => provider.Slug == slug);

    public async Task<StubProvider> AddAsync(string slug, ProviderAnswer answer, string dialect = "openai-chat", JsonObject? more = null) =>
        Add(await StubProvider.StartAsync(slug, answer, dialect), more);

    /// <summary>Adds a provider whose port refuses connections.</summary>
    public StubProvider AddAbsent(string slug) => Add(StubProvider.Absent(slug), null);

    public Task StartRouterAsync(params (string Path, string Value)[] settings) => StartRouterAsync(null, settings);

    public async Task StartRouterAsync(Action<IServiceCollection>? configure, params (string Path, string Value)[] settings)
    {
        if (!Catalog.HasModels && providers.Count > 0) Catalog.AddModel(Model, providers.Select(provider => TestCatalog.Endpoint(provider)));
        var keys = providers.Where(_ => SendsKeys).Select(provider => ($"Providers:{provider.Slug}:ApiKey", provider.ApiKey));
        router = await RouterUnderTest.StartAsync(Catalog.ToString(), services =>
        {
            Tap.Insert(services);
            configure?.Invoke(services);
        }, [.. keys, .. settings]);
    }

    /// <summary>
    /// A chat request's body. Members of <paramref name="more"/> are added as they are; without a <c>provider</c> among them the providers are tried
    /// in order, without
    /// <c>messages</c> it says hello.
    /// </summary>
    public string Body(bool stream, string more = "", string model = Model)
    {
        var order = more.Contains("\"provider\"", StringComparison.Ordinal)
            ? "" : $",\"provider\":{{\"order\":[{string.Join(',', providers.Select(provider => $"\"{provider.Slug}\""))}]}}";
        var messages = more.Contains("\"messages\"", StringComparison.Ordinal) ? "" : "," + Messages;
        return $"{{\"model\":\"{model}\",\"stream\":{(stream ? "true" : "false")}{messages}{order}{(more.Length > 0 ? "," : "")}{more}}}";
    }

    /// <summary>Asks and reads the answer to its end.</summary>
    public async Task<CallerAnswer> ChatAsync(bool stream, string more = "", string model = Model)
    {
        using var response = await SendAsync(Body(stream, more, model));
        return await CallerAnswer.ReadAsync(response);
    }

    /// <summary>Asks for a stream and returns when its headers are there.</summary>
    public async Task<CallerStream> OpenStreamAsync(string more = "") => await CallerStream.OpenAsync(await SendAsync(Body(stream: true, more)));

    /// <summary>Posts a body and returns when the headers of the answer are there.</summary>
    public Task<HttpResponseMessage> SendAsync(string body, CancellationToken cancellationToken = default) => Router.Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, ChatPath) { Content = new StringContent(body, Encoding.UTF8, "application/json") },
            HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    /// <summary>The record of a generation, which must be there at once.</summary>
    public async Task<JsonNode> RecordAsync(string generationId)
    {
        using var response = await Router.Client.GetAsync($"/api/v1/generation?id={generationId}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["data"]!;
    }

    /// <summary>The record of a request whose caller left, so that nothing told him when it ended.</summary>
    public async Task<JsonNode> EventualRecordAsync(string generationId) => await Eventually.NotNullAsync(async () =>
    {
        using var response = await Router.Client.GetAsync($"/api/v1/generation?id={generationId}");
        return response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync())!["data"] : null;
    }, "the record to be written");

    public async ValueTask DisposeAsync()
    {
        if (router is not null) await router.DisposeAsync();
        foreach (var provider in providers) await provider.DisposeAsync();
    }

    private StubProvider Add(StubProvider provider, JsonObject? more)
    {
        providers.Add(provider);
        Catalog.AddProvider(provider, more);
        return provider;
    }
}
