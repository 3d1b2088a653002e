using System.Net.Http.Headers;
using EdgeRouter.Local;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.FunctionalTests;

/// <summary>A running router on a free port, with its own memory store and keys, and a client that calls it over a real socket.</summary>
internal sealed class RouterUnderTest : IAsyncDisposable
{
    public const string InferenceKey = "sk-test-inference-0123456789";
    public const string ManagementKey = "sk-test-management-0123456789";

    private readonly LocalHost host;
    private readonly string? catalogFile;

    private RouterUnderTest(LocalHost host, string? catalogFile)
    {
        this.host = host;
        this.catalogFile = catalogFile;
        Client = ClientOf(InferenceKey);
        Management = ClientOf(ManagementKey);
    }

    /// <summary>Calls with the inference key.</summary>
    public HttpClient Client { get; }

    /// <summary>Calls with the management key.</summary>
    public HttpClient Management { get; }

    /// <summary>The catalog file that it was started with; null: none.</summary>
    public string? CatalogFile => catalogFile;

    public Uri Address => host.Address;

    public IServiceProvider Services => host.Services;

    /// <summary>Starts a router.</summary>
    /// <param name="catalog">A catalog file's JSON; null: only the built-in one with the scripted provider.</param>
    /// <param name="settings">Settings below <c>EdgeRouter:</c>, with colons.</param>
    public static Task<RouterUnderTest> StartAsync(string? catalog = null, params (string Path, string Value)[] settings) =>
        StartAsync(catalog, null, settings);

    /// <summary>Starts a router.</summary>
    /// <param name="catalog">A catalog file's JSON; null: only the built-in one with the scripted provider.</param>
    /// <param name="configure">Exchanges or adds parts.</param>
    /// <param name="settings">Settings below <c>EdgeRouter:</c>, with colons.</param>
    public static async Task<RouterUnderTest> StartAsync(string? catalog, Action<IServiceCollection>? configure, params (string Path, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>
        {
            ["EdgeRouter:Storage"] = "memory",
            // Failures are what these tests are about; their warnings would bury the report.
            ["Logging:Console:LogLevel:Default"] = "None",
            ["EdgeRouter:Keys:Inference"] = InferenceKey,
            ["EdgeRouter:Keys:Management"] = ManagementKey,
        };
        string? file = null;
        if (catalog is not null)
        {
            file = Path.Combine(Path.GetTempPath(), $"edgerouter-catalog-{Guid.NewGuid():N}.json");
            await File.WriteAllTextAsync(file, catalog);
            values["EdgeRouter:Catalog:Files:0"] = file;
        }
        foreach (var (path, value) in settings) values["EdgeRouter:" + path] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var running = await LocalHost.StartAsync(new LocalOptions(0, "127.0.0.1", NewKeys: false), configuration, _ => null, TextWriter.Null, configure);
        return new RouterUnderTest(running, file);
    }

    /// <summary>A client with connections of its own that sends this key; null: none. Disposing an answer hangs up at once.</summary>
    public HttpClient ClientOf(string? key)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            ResponseDrainTimeout = TimeSpan.Zero,
            MaxResponseDrainSize = 0,
            AllowAutoRedirect = false,
            UseCookies = false
        })
        { BaseAddress = host.Address };
        if (key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Management.Dispose();
        await host.DisposeAsync();
        if (catalogFile is not null) File.Delete(catalogFile);
    }
}
