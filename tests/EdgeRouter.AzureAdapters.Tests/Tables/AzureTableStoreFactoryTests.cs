using EdgeRouter.AzureAdapters.Tables;
using EdgeRouter.Core.Storage;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.Tables;

public sealed class AzureTableStoreFactoryTests
{
    [Theory]
    [InlineData("tables:https://acct.table.core.windows.net")]
    [InlineData("tables:https://acct.table.core.windows.net/")]
    [InlineData("tables: UseDevelopmentStorage=true")]
    [InlineData("tables:DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=a2V5;EndpointSuffix=core.windows.net")]
    public void Good_settings_make_a_store(string setting) => Assert.NotNull(AzureTableStoreFactory.Create(setting, "11111111-2222-3333-4444-555555555555"));

    [Theory]
    [InlineData("memory")]
    [InlineData("tables:")]
    [InlineData("tables:nonsense")]
    [InlineData("tables:http://acct.table.core.windows.net")]
    [InlineData("tables:https://acct.table.core.windows.net/?sv=2020&sig=c2VjcmV0")]
    [InlineData("tables:https://user:c2VjcmV0@acct.table.core.windows.net")]
    [InlineData("tables:AccountName=acct;AccountKey=c2VjcmV0!")]
    [InlineData("tables:AccountKey=c2VjcmV0")]
    public void Bad_settings_name_the_setting_and_keep_its_secrets(string setting)
    {
        var error = Assert.Throws<FormatException>(() => AzureTableStoreFactory.Create(setting));
        Assert.StartsWith("EdgeRouter__Storage: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_account_key_is_an_outage_that_names_the_status()
    {
        await using var fixture = new AzuriteFixture();
        await fixture.InitializeAsync();
        var wrong = fixture.ConnectionString.Replace("AccountKey=Eby8", "AccountKey=EbyX", StringComparison.Ordinal);
        var store = AzureTableStoreFactory.Create(AzureTableStoreFactory.Prefix + wrong);
        var error = await Assert.ThrowsAsync<StorageUnavailableException>(async () => await store.GetAsync("table1", "p", "r"));
        Assert.StartsWith("Table Storage answered 403 (", error.Message, StringComparison.Ordinal);
    }
}
