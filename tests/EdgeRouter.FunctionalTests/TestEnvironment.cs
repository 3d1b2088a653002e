using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.FunctionalTests;

/// <summary>Stub vendors, a router in front of them, and a caller. Unless told otherwise all vendors serve the model <see cref="Model"/> and are tried in the order in which they were added.</summary>
internal sealed class TestEnvironment : IAsyncDisposable
{
    public const string Model = "acme/one";
    public const string ChatPath = "/api/v1/chat/completions";
    public const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello, router\"}]";

    private readonly List<StubVendor> vendors = [];
    private RouterUnderTest? router;

    public TestCatalog Catalog { get; } = new();

    /// <summary>Every record that the router handed over.</summary>
    public RecordTap Tap { get; } = new();

    public RouterUnderTest Router => router ?? throw new InvalidOperationException("The router is not started.");

    /// <summary>An environment of one vendor and a running router.</summary>
    public static async Task<TestEnvironment> StartAsync(VendorAnswer answer, params (string Path, string Value)[] settings)
    {
        var environment = new TestEnvironment();
        await environment.AddAsync("alpha", answer);
        await environment.StartRouterAsync(settings);
        return environment;
    }

    /// <summary>The vendor of that slug.</summary>
    public StubVendor this[string slug] => vendors.Single(vendor => vendor.Slug == slug);

    public async Task<StubVendor> AddAsync(string slug, VendorAnswer answer, string dialect = "openai-chat", JsonObject? more = null) => Add(await StubVendor.StartAsync(slug, answer, dialect), more);

    /// <summary>Adds a vendor whose port refuses connections.</summary>
    public StubVendor AddAbsent(string slug) => Add(StubVendor.Absent(slug), null);

    public Task StartRouterAsync(params (string Path, string Value)[] settings) => StartRouterAsync(null, settings);

    public async Task StartRouterAsync(Action<IServiceCollection>? configure, params (string Path, string Value)[] settings)
    {
        if (!Catalog.HasModels && vendors.Count > 0) Catalog.AddModel(Model, vendors.Select(vendor => TestCatalog.Endpoint(vendor)));
        var keys = vendors.Select(vendor => ($"Providers:{vendor.Slug}:ApiKey", vendor.ApiKey));
        router = await RouterUnderTest.StartAsync(Catalog.ToString(), services =>
        {
            Tap.Insert(services);
            configure?.Invoke(services);
        }, [.. keys, .. settings]);
    }

    /// <summary>
    /// A chat request's body. Members of <paramref name="more"/> are added as they are; without a <c>provider</c> among them the vendors are tried in order, without
    /// <c>messages</c> it says hello.
    /// </summary>
    public string Body(bool stream, string more = "", string model = Model)
    {
        var order = more.Contains("\"provider\"", StringComparison.Ordinal) ? "" : $",\"provider\":{{\"order\":[{string.Join(',', vendors.Select(vendor => $"\"{vendor.Slug}\""))}]}}";
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
        new HttpRequestMessage(HttpMethod.Post, ChatPath) { Content = new StringContent(body, Encoding.UTF8, "application/json") }, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

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
    }, "the record is written");

    public async ValueTask DisposeAsync()
    {
        if (router is not null) await router.DisposeAsync();
        foreach (var vendor in vendors) await vendor.DisposeAsync();
    }

    private StubVendor Add(StubVendor vendor, JsonObject? more)
    {
        vendors.Add(vendor);
        Catalog.AddProvider(vendor, more);
        return vendor;
    }
}
