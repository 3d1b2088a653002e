using EdgeRouter.Core.Catalog;
using EdgeRouter.Upstreams.Auth;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Auth;

public class UpstreamAuthSchemesTests
{
    [Theory]
    [InlineData(AuthSchemes.Bearer, "Authorization: Bearer key-1")]
    [InlineData(AuthSchemes.XApiKey, "x-api-key: key-1")]
    [InlineData(AuthSchemes.ApiKey, "api-key: key-1")]
    [InlineData(AuthSchemes.XGoogApiKey, "x-goog-api-key: key-1")]
    [InlineData(AuthSchemes.None, "")]
    public async Task Scheme_puts_the_key_where_the_provider_wants_it(string scheme, string expected)
    {
        using var request = new HttpRequestMessage();
        await TestEndpoints.AuthSchemes.Get(scheme).ApplyAsync(request, TestEndpoints.Provider("https://x.example", scheme), default);
        Assert.Equal(expected, request.Headers.ToString().Trim());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Provider_without_a_key_gets_no_header(string? key)
    {
        using var request = new HttpRequestMessage();
        await TestEndpoints.AuthSchemes.Get(AuthSchemes.Bearer).ApplyAsync(request, TestEndpoints.Provider("https://x.example", key: key), default);
        Assert.Empty(request.Headers);
    }

    [Fact]
    public void Two_schemes_of_one_name_are_refused() =>
        Assert.Contains("'bearer'", Assert.Throws<ArgumentException>(() => new UpstreamAuthSchemes(new BearerAuth(), new BearerAuth())).Message);

    [Fact]
    public void Names_are_names_of_the_catalog() => Assert.Subset(AuthSchemes.All.ToHashSet(), TestEndpoints.AuthSchemes.Names.ToHashSet());
}
