using EdgeRouter.Core.Tests.Usage;
using Xunit;

namespace EdgeRouter.EmbeddedStore.Tests.Inbox;

/// <summary>Allocation is counted for the whole process: nothing else may run beside.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AllocationCollection
{
    public const string Name = "allocation";
}

[Collection(AllocationCollection.Name)]
public sealed class InboxAllocationTests : IDisposable
{
    private readonly StoreFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Adding_costs_no_allocation_but_for_the_waits()
    {
        await using var store = folder.Open();
        var records = new[] { RandomRecords.Plain(new Random(11)) };
        for (var warmUp = 0; warmUp < 200; warmUp++) await store.Inbox.AddAsync(records);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var added = 0; added < 1000; added++) await store.Inbox.AddAsync(records);
        Assert.InRange((GC.GetTotalAllocatedBytes(precise: true) - before) / 1000, 0, 600);
    }
}
