using EdgeRouter.Core.Storage;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.Core.Tests.Storage;

public sealed class InMemoryTableStoreTests : TableStoreContract
{
    protected override ITableStore Store { get; } = EmbeddedTableStore.InMemory();
}

public sealed class JournaledTableStoreTests : TableStoreContract, IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private EmbeddedTableStore store = null!;

    protected override ITableStore Store => store;

    public ValueTask InitializeAsync()
    {
        // Small enough that the contract's tests compact now and then.
        store = EmbeddedTableStore.Open(new EmbeddedStoreOptions { Folder = folder.Path, MaxJournalBytes = 4096 });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        Assert.Null(store.LastCompactionError);
        folder.Dispose();
    }
}
