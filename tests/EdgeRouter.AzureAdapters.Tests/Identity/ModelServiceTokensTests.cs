using EdgeRouter.AzureAdapters.Identity;
using EdgeRouter.Core.Identity;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.Identity;

public sealed class ModelServiceTokensTests
{
    [Theory]
    [InlineData(null, "https://cognitiveservices.azure.com/.default")]
    [InlineData("https://ai.azure.com/.default", "https://ai.azure.com/.default")]
    public async Task Token_is_for_the_scope_or_for_the_model_services(string? scope, string expected)
    {
        var credential = new FixedCredential("the token");

        var token = await new ModelServiceTokens(() => credential).IssueAsync(scope, default);

        Assert.Equal("the token", token.Value);
        Assert.DoesNotContain("the token", token.ToString(), StringComparison.Ordinal);
        Assert.Equal([expected], credential.Scopes);
    }

    [Fact]
    public async Task Identity_that_gets_no_token_is_told_in_the_routers_words()
    {
        var fault = await Assert.ThrowsAsync<TokenException>(() => new ModelServiceTokens(() => new FixedCredential(null)).IssueAsync(null, default));

        Assert.True(fault.Refused);
        Assert.StartsWith("the router", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Identity_is_not_made_before_a_token_is_asked_for() =>
        Assert.NotNull(new ModelServiceTokens(() => throw new InvalidOperationException("An identity was made.")));
}
