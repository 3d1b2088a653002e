using EdgeRouter.ClientTests;
using EdgeRouter.ClientTests.Vendors;
using EdgeRouter.ClientTests.Vendors.AnthropicMessages;
using EdgeRouter.ClientTests.Vendors.Gemini;
using EdgeRouter.ClientTests.Vendors.OpenAIChat;
using EdgeRouter.Local;
using Microsoft.Extensions.Configuration;
using Xunit;

[assembly: AssemblyFixture(typeof(RouterAndVendors))]

namespace EdgeRouter.ClientTests;

/// <summary>One running router for all tests, with a memory store and its own keys, in front of stubs of three vendors.</summary>
public sealed class RouterAndVendors : IAsyncLifetime
{
    public const string InferenceKey = "sk-test-inference-0123456789";
    public const string ManagementKey = "sk-test-management-0123456789";
    private const string VendorKey = "vendor-key-0123456789";

    private readonly string catalogFile = Path.Combine(Path.GetTempPath(), $"edgerouter-catalog-{Guid.NewGuid():N}.json");
    private VendorServer? vendors;
    private LocalHost? router;

    /// <summary>Where the router listens.</summary>
    public Uri Router => router!.Address;

    /// <summary>Where the vendors listen.</summary>
    public Uri Vendors => vendors!.Address;

    public async ValueTask InitializeAsync()
    {
        vendors = await VendorServer.StartAsync(
            new OpenAIChatVendor("openai", VendorModels.OpenAI, VendorKey),
            new OpenAIChatVendor("deepseek", VendorModels.DeepSeek, VendorKey),
            new AnthropicMessagesVendor(VendorKey),
            new GeminiVendor(VendorKey));
        await File.WriteAllTextAsync(catalogFile, ClientCatalog.Json);
        var settings = new Dictionary<string, string?>
        {
            ["Storage"] = "memory",
            ["Keys:Inference"] = InferenceKey,
            ["Keys:Management"] = ManagementKey,
            ["Credits"] = "100",
            ["Catalog:Files:0"] = catalogFile,
            // The picture that clients send as a URL is on loopback too.
            ["Upstreams:AllowPrivateFetch"] = "true",
        };
        foreach (var (provider, path) in ((string, string)[])[("openai", "openai/v1"), ("deepseek", "deepseek"), ("anthropic", "anthropic/v1"), ("google-ai-studio", "gemini/v1beta")])
        {
            settings[$"Providers:{provider}:BaseUrl"] = new Uri(vendors.Address, path).ToString();
            settings[$"Providers:{provider}:ApiKey"] = VendorKey;
        }
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("EdgeRouter:" + setting.Key, setting.Value))).Build();
        router = await LocalHost.StartAsync(new LocalOptions(0, "127.0.0.1", NewKeys: false), configuration, _ => null, TextWriter.Null);
    }

    public async ValueTask DisposeAsync()
    {
        if (router is not null) await router.DisposeAsync();
        if (vendors is not null) await vendors.DisposeAsync();
        File.Delete(catalogFile);
    }
}
