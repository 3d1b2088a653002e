using EdgeRouter.AzureAdapters.Blobs;
using EdgeRouter.AzureAdapters.Tests.Identity;
using EdgeRouter.Core.Catalog;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.Blobs;

public sealed class BlobTokensTests
{
    [Theory]
    [InlineData("https://account.blob.core.windows.net/catalogs/own.json")]
    [InlineData("https://account.blob.core.usgovcloudapi.net/catalogs/own.json")]
    [InlineData("https://account.blob.core.chinacloudapi.cn/catalogs/own.json")]
    [InlineData("https://account.z12.blob.storage.azure.net/catalogs/own.json")]
    public async Task Blob_gets_a_token_for_storage(string url)
    {
        var credential = new FixedCredential("the token");
        Assert.Equal("the token", await new BlobTokens(() => credential).TokenForAsync(new Uri(url), default));
        Assert.Equal(["https://storage.azure.com/.default"], credential.Scopes);
    }

    [Theory]
    [InlineData("https://files.example/own.json")]
    [InlineData("https://blob.core.windows.net.files.example/own.json")]
    [InlineData("https://blob.core.windows.net@files.example/own.json")]
    [InlineData("http://account.blob.core.windows.net/catalogs/own.json")]
    [InlineData("https://account.blob.core.windows.net:8443/catalogs/own.json")]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/catalogs/own.json")]
    [InlineData("https://account.blob.core.windows.net/catalogs/own.json?sv=2023-11-03&sp=r&sig=c2ln")]
    public async Task Another_host_plain_http_and_a_signed_URL_get_none_and_no_identity_is_made(string url) =>
        Assert.Null(await new BlobTokens(() => throw new InvalidOperationException("An identity was made.")).TokenForAsync(new Uri(url), default));

    [Fact]
    public async Task Identity_without_a_token_is_a_fault_that_names_the_file()
    {
        var tokens = new BlobTokens(() => new FixedCredential(null));
        var fault = await Assert.ThrowsAsync<CatalogException>(async () =>
            await tokens.TokenForAsync(new Uri("https://account.blob.core.windows.net/catalogs/own.json?snapshot=1"), default));
        Assert.Equal("https://account.blob.core.windows.net/catalogs/own.json: expected an identity that gets a token for storage",
            Assert.Single(fault.Errors).ToString());
    }
}
