using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;
using EdgeRouter.Core.Usage.Sweeping;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeRouter.Local.Tests;

public sealed class RecordSweepingTests
{
    [Fact]
    public async Task Records_are_deleted_at_start_and_then_every_hour_as_they_come_of_age()
    {
        var time = new VirtualTimeProvider();
        var store = new MemoryTableStore();
        var now = time.GetUtcNow();
        var (old, nearlyOld, young) = (Record(now.AddDays(-91)), Record(now.AddDays(-90).AddMinutes(30)), Record(now));
        await new UsageWriter(store).WriteAsync([old, nearlyOld, young]);
        var generations = new GenerationStore(store);
        using var sweeping = new RecordSweeping(new RecordRetention(store, time, 90), time, NullLogger<RecordSweeping>.Instance);

        await sweeping.StartAsync(CancellationToken.None);
        await GoneAsync(generations, old);
        Assert.NotNull(await generations.FindAsync(nearlyOld.Id));
        time.Advance(TimeSpan.FromHours(1));
        await GoneAsync(generations, nearlyOld);

        Assert.NotNull(await generations.FindAsync(young.Id));
        await sweeping.StopAsync(CancellationToken.None);
    }

    private static async Task GoneAsync(GenerationStore generations, GenerationRecord record)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await generations.FindAsync(record.Id) is not null) await Task.Delay(5, limit.Token);
    }

    private static GenerationRecord Record(DateTimeOffset at) => new()
    {
        Id = GenerationId.Create(at, new Random(1)),
        CreatedAt = at,
        Region = "local",
        KeyHash = "key",
        ApiType = "chat",
        RequestedModel = "acme/one",
    };
}
