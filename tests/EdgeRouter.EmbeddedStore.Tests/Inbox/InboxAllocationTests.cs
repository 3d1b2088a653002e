using EdgeRouter.Core.Tests.Usage;
using Xunit;

namespace EdgeRouter.EmbeddedStore.Tests.Inbox;

/// <summary>Allocations are counted for the whole process: no other test may run meanwhile.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;

[Collection(nameof(AloneCollection))]
public sealed class InboxAllocationTests : IDisposable
{
    private readonly StoreFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Adding_a_record_allocates_nothing_but_what_its_waits_need()
    {
        const int Added = 2000;
        await using var store = folder.Open();
        var records = new[] { RandomRecords.Plain(new Random(12)) };
        for (var warmUp = 0; warmUp < 500; warmUp++) await store.Inbox.AddAsync(records);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var added = 0; added < Added; added++) await store.Inbox.AddAsync(records);
        Assert.InRange((GC.GetTotalAllocatedBytes(precise: true) - before) / Added, 0, 300);
    }
}
