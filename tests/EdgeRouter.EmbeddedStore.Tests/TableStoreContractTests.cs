using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport.Storage;

namespace EdgeRouter.EmbeddedStore.Tests;

public sealed class MemoryTableStoreContractTests : TableStoreContract
{
    protected override ITableStore Store { get; } = new MemoryTableStore();
}

public sealed class EmbeddedTableStoreContractTests : TableStoreContract, IAsyncDisposable
{
    private readonly StoreFolder folder = new();
    private readonly EmbeddedTableStore store;

    public EmbeddedTableStoreContractTests() => store = folder.Open();

    protected override ITableStore Store => store;

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Dispose();
    }
}
