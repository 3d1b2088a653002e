using EdgeRouter.Upstreams.Providers;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Providers;

public sealed class ProviderNamesTests
{
    private static readonly ProviderNames Names = new();

    [Theory]
    [InlineData("openai")]
    [InlineData("OpenAI")]
    [InlineData("amazon-bedrock")]
    [InlineData("Amazon Bedrock")]
    [InlineData("google-vertex")]
    [InlineData("Google")]
    [InlineData("atlas-cloud")]
    [InlineData("AtlasCloud")]
    [InlineData("arcee-ai")]
    public void Slugs_and_display_names_of_providers_are_known(string name) => Assert.True(Names.Contains(name));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("opneai")]
    [InlineData("no-such-provider")]
    public void Anything_else_is_not(string name) => Assert.False(Names.Contains(name));

    [Fact]
    public void An_endless_name_is_not() => Assert.False(Names.Contains(new string('x', 100_000)));
}
