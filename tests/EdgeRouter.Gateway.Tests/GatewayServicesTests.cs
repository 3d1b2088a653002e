using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Routing;
using EdgeRouter.TestSupport.Storage;
using EdgeRouter.Upstreams.Auth;
using Microsoft.Extensions.Configuration;
using EdgeRouter.Upstreams.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.Gateway.Tests;

/// <summary>Families of parts that others may add to.</summary>
public sealed class GatewayServicesTests
{
    [Fact]
    public void Orderings_of_the_gateway_are_the_built_in_ones()
    {
        using var services = new ServiceCollection().AddEndpointOrderings().BuildServiceProvider();

        var orderings = services.GetRequiredService<EndpointOrderings>();
        Assert.Equal(BuiltInOrderings.With().Names, orderings.Names);
        Assert.Equal(EndpointOrderingNames.Default, orderings.Default.Name);
    }

    [Fact]
    public void Ordering_that_is_added_as_a_service_joins_the_built_in_ones()
    {
        var collection = new ServiceCollection();
        collection.AddSingleton<IEndpointOrdering, ByName>();
        using var services = collection.AddEndpointOrderings().BuildServiceProvider();

        Assert.IsType<ByName>(services.GetRequiredService<EndpointOrderings>().Find("by-name"));
    }

    [Fact]
    public void Authentication_scheme_that_is_added_as_a_service_joins_the_built_in_ones()
    {
        var collection = new ServiceCollection();
        collection.AddSingleton<IUpstreamAuth>(new OwnAuth());
        using var services = collection.AddUpstreamAuthSchemes(new UpstreamOptions(), NoTokens.Instance).BuildServiceProvider();

        Assert.Equal(["api-key", "bearer", "entra", "google", "none", "own", "sigv4", "x-api-key", "x-goog-api-key"],
            services.GetRequiredService<UpstreamAuthSchemes>().Names);
    }

    [Fact]
    public async Task Wire_that_is_added_after_the_gateway_can_be_used_by_rows_of_the_catalog()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "catalog.json");
        await File.WriteAllTextAsync(file, """
            {"providers":[{"slug":"box","name":"Box","dialect":"bedrock-converse","base_url":"https://127.0.0.1:1/v1","auth":"none"}],
             "models":[{"id":"acme/one","endpoints":[{"provider":"box","upstream_model":"m","pricing":{"prompt":"0","completion":"0"}}]}]}
            """);
        var settings = RouterSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["EdgeRouter:Catalog:Files:0"] = file,
            ["EdgeRouter:Providers:box:ApiKey"] = "sk-of-the-box-0123456789",
        }).Build());
        var files = await CatalogFileSet.OpenAsync(settings, null, new MemoryTableStore(), TimeProvider.System);
        var collection = new ServiceCollection().AddLogging().AddEdgeRouter(settings, scriptedByDefault: true, static _ => null, files,
            NoTokens.Instance);
        collection.AddProviderWire(new LateWire());
        using var services = collection.BuildServiceProvider();

        var endpoint = Assert.Single(services.GetRequiredService<ICatalog>().Current.FindModel("acme/one")!.Endpoints);
        Assert.IsType<LateWire>(services.GetRequiredService<ProviderWires>().Get(endpoint.Provider.Wire));
    }

    private sealed class LateWire : IProviderWire
    {
        public string Name => WireNames.BedrockConverse;

        public RequestParameters Carries => RequestParameters.None;

        public WireTransport Transport => throw new NotSupportedException();

        public string? GetPath(Operation operation, string upstreamModel, bool stream) => null;

        public UpstreamError ReadError(int status, ReadOnlyMemory<byte> body) => throw new NotSupportedException();
    }

    private sealed class ByName : IEndpointOrdering
    {
        public string Name => "by-name";

        public void Order(Span<Endpoint> endpoints, in OrderingContext context) =>
            endpoints.Sort(static (left, right) => string.CompareOrdinal(left.Tag, right.Tag));
    }

    private sealed class OwnAuth : IUpstreamAuth
    {
        public string Name => "own";

        public ValueTask ApplyAsync(HttpRequestMessage request, Provider provider, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
