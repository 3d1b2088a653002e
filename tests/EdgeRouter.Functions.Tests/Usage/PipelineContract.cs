using System.Net;
using EdgeRouter.Core.Storage;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Functions.Tests.Usage;

/// <summary>The whole pipeline: requests or records in, the queue, the trigger, totals out; on any store.</summary>
public abstract class PipelineContract(ITableStore inner)
{
    private readonly Random random = new(41);
    private readonly VirtualTimeProvider time = new(Records.Now);
    private readonly FaultyStore store = new(inner);

    // The store works in real time.
    private Task TickUntilAsync(Func<bool> condition, double stepMilliseconds = 50) => time.TickUntilAsync(condition, stepMilliseconds, () => store.IsBusy);

    [Fact]
    public async Task Ten_thousand_records_through_outages_lost_acknowledgements_and_eight_writers_are_neither_lost_nor_counted_twice()
    {
        await using var router = await RunningRouter.StartAsync(time, store, writers: 8);
        var records = Records.Many(random, 10_000);
        var accepted = new List<Task>();
        foreach (var (index, part) in records.Chunk(500).Index())
        {
            router.Broker.Away = index % 5 == 2;
            store.Away = index % 7 == 3;
            if (index % 3 == 0) router.Broker.LoseAcknowledgements(2);
            accepted.AddRange(part.Select(record => router.UsageQueue.EnqueueAsync(record).AsTask()));
            await time.TickAsync(Task.WhenAll(accepted), 100);
            var next = time.GetUtcNow() + TimeSpan.FromSeconds(5);
            await TickUntilAsync(() => time.GetUtcNow() >= next, 100);
        }
        router.Broker.Away = false;
        store.Away = false;
        await TickUntilAsync(() => router.UsageQueue.Backlog == 0 && router.Queue.Count == 0, 500);
        var total = (await router.Totals.ReadAllKeysAsync()).AllTime;
        Assert.Equal((10_000, records.Sum(record => record.Cost.Value)), (total.Requests, total.Cost.Value));
        Assert.Equal(0, router.Queue.DeadLetters.Count);
        Assert.True(store.Refused > 0, "The store was never missed: the test shows nothing.");
        Assert.True(router.Queue.Duplicates > 0, "No message was sent twice: the test shows nothing.");
        foreach (var key in (string[])["key0", "key1", "key2"])
            Assert.Equal(records.Count(record => record.KeyHash == key), (await router.Totals.ReadAsync(key)).AllTime.Requests);
    }

    [Fact]
    public async Task Ten_minutes_without_Service_Bus_requests_go_on_and_their_records_arrive_all_the_same()
    {
        await using var router = await RunningRouter.StartAsync(time, store);
        router.Broker.Away = true;
        var end = time.GetUtcNow() + TimeSpan.FromMinutes(10);
        var requests = 0;
        while (time.GetUtcNow() < end)
        {
            using var answer = await time.TickAsync(router.ChatAsync(stream: requests % 2 == 0));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            if (requests % 2 == 0) Assert.EndsWith("[DONE]\n\n", await time.TickAsync(answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
            requests++;
            time.Advance(TimeSpan.FromSeconds(20));
        }
        // The last answer is complete before its record is accepted; its invocation is not.
        await TickUntilAsync(() => router.Functions.RunningInvocations == 0 && router.UsageQueue.Backlog == 0, 500);
        Assert.Equal((requests, 0), ((await router.Totals.ReadAllKeysAsync()).AllTime.Requests, router.Queue.Deliveries));

        router.Broker.Away = false;
        using var last = await time.TickAsync(router.ChatAsync(stream: false));
        await TickUntilAsync(() => router.UsageQueue.Backlog == 0 && router.Queue.Deliveries > 0 && router.Queue.Count == 0, 500);
        Assert.Equal(requests + 1, (await router.Totals.ReadAllKeysAsync()).AllTime.Requests);
        Assert.InRange(requests, 20, 40);
    }
}
