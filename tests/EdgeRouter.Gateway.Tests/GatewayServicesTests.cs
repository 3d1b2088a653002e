using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Routing;
using EdgeRouter.Upstreams.Auth;
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
