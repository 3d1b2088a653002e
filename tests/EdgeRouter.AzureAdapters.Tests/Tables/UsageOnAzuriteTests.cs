using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Tests.Usage;
using EdgeRouter.Core.Usage;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.Tables;

/// <summary>
/// Records through the writer into Azurite. All tests share the table of records: keys and the seeds that ids come from are of one test alone.
/// </summary>
public sealed class UsageOnAzuriteTests(AzuriteFixture azurite)
{
    private readonly string key = $"key{Guid.NewGuid():N}";

    [Fact]
    public async Task Redeliveries_by_several_writers_at_once_count_every_record_once()
    {
        var random = new Random(11);
        var records = Enumerable.Range(0, 200).Select(number => RandomRecords.Plain(random, key, cost: number)).ToArray();
        var batches = Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 60).Select(_ => records[random.Next(records.Length)]).ToArray()).Append(records)
            .ToArray();
        await Task.WhenAll(batches.Select(batch => new UsageWriter(azurite.Store).WriteAsync(batch)));
        await new UsageWriter(azurite.Store).WriteAsync(records);
        var usage = await new UsageTotals(azurite.Store, new VirtualTimeProvider(RandomRecords.Now)).ReadAsync(key);
        Assert.Equal((200, records.Sum(record => record.Cost.Value)), (usage.AllTime.Requests, usage.AllTime.Cost.Value));
        Assert.Equal((usage.AllTime, usage.AllTime, usage.AllTime), (usage.Daily, usage.Weekly, usage.Monthly));
    }

    [Fact]
    public async Task A_generation_is_read_back_whole_by_its_id()
    {
        var random = new Random(12);
        var records = Enumerable.Range(0, 20).Select(_ => RandomRecords.Any(random)).ToArray();
        await new UsageWriter(azurite.Store).WriteAsync(records);
        foreach (var record in records)
        {
            var read = await new GenerationStore(azurite.Store).FindAsync(record.Id);
            Assert.Equal(record.Attempts, read!.Attempts);
            Assert.Equal(record with { CreatedAt = record.CreatedAt.ToUniversalTime(), Attempts = [] }, read with { Attempts = [] });
        }
        Assert.Null(await new GenerationStore(azurite.Store).FindAsync(GenerationId.Create(RandomRecords.Now, random)));
    }
}
