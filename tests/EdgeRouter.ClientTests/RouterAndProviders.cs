using EdgeRouter.ClientTests;
using EdgeRouter.ClientTests.Providers;
using EdgeRouter.ClientTests.Providers.AnthropicMessages;
using EdgeRouter.ClientTests.Providers.Gemini;
using EdgeRouter.ClientTests.Providers.OpenAIChat;
using EdgeRouter.ClientTests.Providers.OpenAIResponses;
using EdgeRouter.Local;
using Microsoft.Extensions.Configuration;
using Xunit;

[assembly: AssemblyFixture(typeof(RouterAndProviders))]

namespace EdgeRouter.ClientTests;

/// <summary>One running router for all tests, with a memory store and its own keys, in front of stubs of three providers.</summary>
public sealed class RouterAndProviders : IAsyncLifetime
{
    public const string InferenceKey = "sk-test-inference-0123456789";
    public const string ManagementKey = "sk-test-management-0123456789";
    private const string ProviderKey = "provider-key-0123456789";

    private readonly string catalogFile = Path.Combine(Path.GetTempPath(), $"edgerouter-catalog-{Guid.NewGuid():N}.json");
    private ProviderServer? providers;
    private LocalHost? router;

    /// <summary>Where the router listens.</summary>
    public Uri Router => router!.Address;

    /// <summary>Where the providers listen.</summary>
    public Uri Providers => providers!.Address;

    public async ValueTask InitializeAsync()
    {
        providers = await ProviderServer.StartAsync(
            new OpenAIChatProvider("openai", ProviderModels.OpenAI, ProviderKey),
            new OpenAIChatProvider("deepseek", ProviderModels.DeepSeek, ProviderKey),
            new OpenAIResponsesProvider(ClientCatalog.ResponsesProvider, ProviderKey),
            new AnthropicMessagesProvider(ProviderKey),
            new GeminiProvider(ProviderKey));
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
        foreach (var (provider, path) in ((string, string)[])[("openai", "openai/v1"), ("deepseek", "deepseek"), ("anthropic", "anthropic/v1"),
            (ClientCatalog.ResponsesProvider, $"{ClientCatalog.ResponsesProvider}/v1"),
            ("google-ai-studio", "gemini/v1beta"), (ClientCatalog.StoppingProvider, "gemini/v1beta")])
        {
            settings[$"Providers:{provider}:BaseUrl"] = new Uri(providers.Address, path).ToString();
            settings[$"Providers:{provider}:ApiKey"] = ProviderKey;
        }
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("EdgeRouter:" + setting.Key, setting.Value))).Build();
        router = await LocalHost.StartAsync(new LocalOptions(0, "127.0.0.1", NewKeys: false), configuration, _ => null, TextWriter.Null);
    }

    public async ValueTask DisposeAsync()
    {
        if (router is not null) await router.DisposeAsync();
        if (providers is not null) await providers.DisposeAsync();
        File.Delete(catalogFile);
    }
}
