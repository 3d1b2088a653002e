using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Core.Tests.Usage;

public sealed class GenerationStoreTests
{
    private readonly Random random = new(12);
    private readonly VirtualTimeProvider time = new(RandomRecords.Now);
    private readonly MemoryTableStore store = new MemoryTableStore();

    private GenerationStore OfOtherProcesses => new(store, time: time);

    [Fact]
    public async Task A_record_that_another_process_is_about_to_write_is_waited_for()
    {
        var record = RandomRecords.Plain(random);
        var finding = OfOtherProcesses.FindAsync(record.Id).AsTask();
        Assert.Equal(1, time.PendingTimers);
        await new UsageWriter(store).WriteAsync([record]);
        Assert.False(finding.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(record.Id, (await finding)!.Id);
    }

    [Fact]
    public async Task It_is_not_waited_for_longer_than_a_few_seconds()
    {
        var finding = OfOtherProcesses.FindAsync(RandomRecords.Plain(random).Id).AsTask();
        var start = time.GetUtcNow();
        while (!finding.IsCompleted)
        {
            if (time.PendingTimers == 1) time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        Assert.Null(await finding);
        Assert.InRange(time.GetUtcNow() - start, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(2)]
    public async Task An_id_that_is_not_of_this_hour_is_answered_at_once(int hours)
    {
        var id = GenerationId.Create(RandomRecords.Now.AddHours(hours), random);
        Assert.Null(await OfOtherProcesses.FindAsync(id));
        Assert.Equal(0, time.PendingTimers);
    }
}
