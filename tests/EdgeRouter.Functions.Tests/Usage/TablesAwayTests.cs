using System.Net;
using EdgeRouter.Core.Metering;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Functions.Tests.Usage;

/// <summary>While the tables are out of reach, requests go on and what needs the tables says so.</summary>
public sealed class TablesAwayTests
{
    private readonly VirtualTimeProvider time = new(Records.Now);
    private readonly FaultyStore store = new(new MemoryTableStore());

    [Fact]
    public async Task Requests_go_on_and_are_counted_once_the_tables_are_back()
    {
        await using var router = await RunningRouter.StartAsync(time, store);
        store.Away = true;
        var end = time.GetUtcNow() + TimeSpan.FromMinutes(10);
        var requests = 0;
        for (; time.GetUtcNow() < end; requests++)
        {
            using var answer = await time.TickAsync(router.ChatAsync(stream: requests % 2 == 0));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await time.TickAsync(answer.Content.ReadAsStringAsync());
            time.Advance(TimeSpan.FromSeconds(20));
        }
        Assert.Equal(0, router.UsageQueue.Backlog);
        Assert.True(router.Queue.Count > 0);

        store.Away = false;
        await time.TickUntilAsync(() => router.Queue.Count == 0, 500, () => store.IsBusy);

        Assert.Equal(requests, (await router.Totals.ReadAllKeysAsync()).AllTime.Requests);
        Assert.Equal(0, router.Queue.DeadLetters.Count);
        Assert.InRange(requests, 20, 40);
    }

    [Fact]
    public async Task Budgets_serve_to_the_end_of_their_lease_and_are_then_refused_until_the_tables_are_back()
    {
        await using var router = await RunningRouter.StartAsync(time, store, ("EdgeRouter:Budgets:Inference:Limit", "100"),
            ("EdgeRouter:Budgets:LeaseSeconds", "300"));
        // The lease grows with the demand that it sees.
        for (var warm = 0; warm < 3; warm++)
        {
            using var answer = await time.TickAsync(router.ChatAsync());
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var next = time.GetUtcNow().AddSeconds(40);
            await time.TickUntilAsync(() => time.GetUtcNow() >= next, 1000);
        }
        store.Away = true;
        var start = time.GetUtcNow();
        var served = 0;
        while (true)
        {
            using var answer = await time.TickAsync(router.ChatAsync());
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.Zero);
                break;
            }
            served++;
            time.Advance(TimeSpan.FromSeconds(10));
        }
        Assert.InRange(time.GetUtcNow() - start, TimeSpan.FromSeconds(250), TimeSpan.FromSeconds(330));
        Assert.True(served > 10);

        store.Away = false;
        time.Advance(TimeSpan.FromSeconds(10));
        using (var answer = await time.TickAsync(router.ChatAsync())) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/key")]
    [InlineData("/api/v1/generation?id=ID")]
    public async Task What_can_only_be_read_there_is_a_503_that_says_when_to_come_back(string path)
    {
        await using var router = await RunningRouter.StartAsync(time, store);
        store.Away = true;
        var id = GenerationId.Create(time.GetUtcNow(), new Random(1));

        using var answer = await time.TickAsync(router.Client.GetAsync(new Uri(path.Replace("ID", id, StringComparison.Ordinal), UriKind.Relative)));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.Zero);
    }
}
