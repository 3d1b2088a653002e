using EdgeRouter.Core.Storage;
using EdgeRouter.TestSupport.Storage;

namespace EdgeRouter.AzureAdapters.Tests.Tables;

public sealed class AzureTableStoreContractTests(AzuriteFixture azurite) : TableStoreContract
{
    protected override ITableStore Store => azurite.Store;
}
