using EdgeRouter.Upstreams.Media;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Media;

public sealed class PrivateProvidersTests
{
    [Theory]
    [InlineData("http://localhost:11434/v1", true)]
    [InlineData("http://127.0.0.1:8000/v1", true)]
    [InlineData("http://[::1]:8000/v1", true)]
    [InlineData("https://10.1.2.3/v1", true)]
    [InlineData("https://169.254.1.1/v1", true)]
    [InlineData("https://[fd00::1]/v1", true)]
    [InlineData("http://vllm:8000/v1", true)]
    [InlineData("http://VLLM.:8000/v1", true)]
    [InlineData("https://vllm.default.svc/v1", true)]
    [InlineData("https://vllm.default.svc.cluster.local/v1", true)]
    [InlineData("https://box.local./v1", true)]
    [InlineData("https://models.INTERNAL/v1", true)]
    [InlineData("https://nas.lan/v1", true)]
    [InlineData("https://nas.home.arpa/v1", true)]
    [InlineData("https://api.openai.com/v1", false)]
    [InlineData("https://local.example.com/v1", false)]
    [InlineData("https://notlocal/v1", true)]
    [InlineData("https://8.8.8.8/v1", false)]
    [InlineData("https://[2606:4700::1111]/v1", false)]
    public void Host_says_whether_a_provider_stands_in_the_operators_network(string baseUrl, bool isPrivate) =>
        Assert.Equal(isPrivate, PrivateProviders.IsPrivate(new Uri(baseUrl)));
}
