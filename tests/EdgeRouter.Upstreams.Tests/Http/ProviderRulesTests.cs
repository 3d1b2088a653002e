using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Upstreams.Http;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Http;

public class ProviderRulesTests
{
    [Theory]
    [InlineData("https://api.alpha.example/v1")]
    [InlineData("http://localhost:11434/v1")]
    [InlineData("http://127.0.0.1:8000")]
    [InlineData("http://127.9.9.9")]
    [InlineData("http://[::1]:8000")]
    public void Good_base_url_has_no_fault(string url) => Assert.Null(UpstreamAddressPolicy.FindFault(new Uri(url), allowPlainHttp: false));

    [Theory]
    [InlineData("http://api.alpha.example/v1", "AllowPlainHttp")]
    [InlineData("http://10.0.0.1", "AllowPlainHttp")]
    [InlineData("http://localhost.evil.example", "AllowPlainHttp")]
    [InlineData("ftp://api.alpha.example", "http or https")]
    [InlineData("https://user:secret@api.alpha.example", "ApiKey")]
    [InlineData("https://api.alpha.example?x=1", "query")]
    [InlineData("/v1", "absolute")]
    public void Bad_base_url_names_the_fault(string url, string expected)
    {
        var fault = UpstreamAddressPolicy.FindFault(new Uri(url, UriKind.RelativeOrAbsolute), allowPlainHttp: false);
        Assert.StartsWith("base_url:", fault!);
        Assert.Contains(expected, fault);
        Assert.DoesNotContain("secret", fault);
    }

    [Fact]
    public void Plain_http_is_allowed_when_the_operator_says_so() =>
        Assert.Null(UpstreamAddressPolicy.FindFault(new Uri("http://10.0.0.1"), allowPlainHttp: true));

    [Fact]
    public void Good_provider_has_no_fault() => Assert.Empty(ProviderRules.FindFaults(Good(), allowPlainHttp: false));

    [Theory]
    [InlineData("Host")]
    [InlineData("connection")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Expect")]
    [InlineData("Upgrade")]
    public void Header_that_frames_the_connection_is_a_fault(string name)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = "x" }.ToFrozenDictionary(StringComparer.Ordinal);
        var fault = Assert.Single(ProviderRules.FindFaults(Good() with { Headers = headers }, allowPlainHttp: false));
        Assert.StartsWith($"headers: '{name}' is not a request header that can be set", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc\r\nX-Evil: 1")]
    [InlineData("abc\n")]
    [InlineData("schlüssel")]
    [InlineData(" abc")]
    [InlineData("abc\t")]
    public void Unusable_key_is_a_fault_that_does_not_quote_it(string key)
    {
        var fault = Assert.Single(ProviderRules.FindFaults(Good() with { ApiKey = key }, allowPlainHttp: false));
        Assert.Equal("ApiKey: expected visible ASCII characters without line breaks", fault);
    }

    [Theory]
    [InlineData("Content-Type", "text/plain")]
    [InlineData("bad header", "x")]
    [InlineData("x-ok", "a\r\nb: c")]
    public void Unusable_header_is_a_fault(string name, string value)
    {
        var provider = Good() with { Headers = new Dictionary<string, string> { [name] = value }.ToFrozenDictionary() };
        Assert.StartsWith($"headers: '{name}'", Assert.Single(ProviderRules.FindFaults(provider, allowPlainHttp: false)));
    }

    [Theory]
    [InlineData("?a=b")]
    [InlineData("a=b#c")]
    [InlineData("a=b\r\n")]
    public void Unusable_query_is_a_fault(string query) =>
        Assert.StartsWith("query:", Assert.Single(ProviderRules.FindFaults(Good() with { Query = query }, allowPlainHttp: false)));

    [Fact]
    public void All_faults_are_told_at_once() =>
        Assert.Equal(3, ProviderRules.FindFaults(Good() with { BaseUrl = null, Query = "?", ApiKey = "\n" }, allowPlainHttp: false).Count);

    [Fact]
    public void Provider_inside_the_process_is_judged_like_any_other() =>
        Assert.Empty(ProviderRules.FindFaults(TestEndpoints.Provider("https://scripted.invalid/v1", AuthSchemes.None, null), allowPlainHttp: false));

    private static Provider Good() => TestEndpoints.Provider("https://api.alpha.example/v1");
}
