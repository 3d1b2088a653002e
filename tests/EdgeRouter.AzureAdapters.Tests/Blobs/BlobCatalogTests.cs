using System.Text;
using EdgeRouter.AzureAdapters.Blobs;
using EdgeRouter.AzureAdapters.Tests.Identity;
using EdgeRouter.Core.Catalog;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.Blobs;

/// <summary>A catalog file in a private container, read with a token over TLS.</summary>
public sealed class BlobCatalogTests(BlobAccount account) : IClassFixture<BlobAccount>
{
    [Fact]
    public async Task Identity_reads_the_file_and_sees_each_new_version_once()
    {
        var url = await account.MakeBlobAsync("{}");
        var file = await OpenAsync(url, "https://storage.azure.com");
        Assert.Equal("{}", TextOf(file));
        Assert.False(await file.CheckForChangeAsync(default));

        await account.PutAsync(url, """{"models":[]}""");
        Assert.True(await file.CheckForChangeAsync(default));
        Assert.Equal("""{"models":[]}""", TextOf(file));
        Assert.False(await file.CheckForChangeAsync(default));
    }

    [Fact]
    public async Task Missing_file_is_a_fault_that_says_so()
    {
        var url = await account.MakeBlobAsync(null);
        var fault = await Assert.ThrowsAsync<CatalogException>(() => OpenAsync(url, "https://storage.azure.com"));
        Assert.Contains($"{url}: expected a file that may be read: the server answered 404 BlobNotFound", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://vault.azure.net")]
    [InlineData(null)]
    public async Task Token_for_something_else_or_none_reads_nothing(string? audience)
    {
        var url = await account.MakeBlobAsync("{}");
        var fault = await Assert.ThrowsAsync<CatalogException>(() => OpenAsync(url, audience));
        Assert.Matches("the server answered 40[0-9]", fault.Message);
    }

    private async Task<RemoteCatalogFile> OpenAsync(Uri url, string? audience)
    {
        var file = new RemoteCatalogFile(url, TimeSpan.FromSeconds(30), account.Client,
            audience is null ? null : new BlobTokens(() => new FixedCredential(FixedCredential.TokenFor(audience))).TokenForAsync, TimeProvider.System);
        await file.OpenAsync(new CatalogCopies(new MemoryTableStore()), CancellationToken.None);
        return file;
    }

    private static string TextOf(RemoteCatalogFile file) => Encoding.UTF8.GetString(file.Read().Json.Span);
}
