using System.Net;
using System.Net.Http.Headers;
using Azure.Messaging.ServiceBus;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Functions.Tests.Usage;
using Xunit;

namespace EdgeRouter.Functions.Tests.Host;

/// <summary>What the Functions host and the worker say to each other, as far as the router relies on it.</summary>
public sealed class EmulatedHostTests
{
    private readonly Random random = new(71);

    [Fact]
    public async Task The_worker_loads_every_function()
    {
        await using var router = await RunningRouter.StartAsync();
        Assert.Equal(["gateway", "lease-janitor", "money-export", "rollup-sweep", "statistics-snapshot", "usage-writer", "warmup"],
            router.Functions.Functions.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Messages_reach_the_worker_whole_and_are_settled_by_it_one_by_one()
    {
        await using var router = await RunningRouter.StartAsync();
        var sender = router.Broker.Client.CreateSender("usage");
        using var batch = await sender.CreateMessageBatchAsync();
        batch.TryAddMessage(new ServiceBusMessage(UsageMessage.Pack([UsageMessage.EncodeRecord(Records.Plain(random, cost: 3))])) { MessageId = "good" });
        batch.TryAddMessage(new ServiceBusMessage("{\"v\":7,\"records\":[]}") { MessageId = "bad" });
        await sender.SendMessagesAsync(batch);

        await Eventually.TrueAsync(() => router.Queue.Deliveries == 2 && router.Queue.Count == 0, "both to be settled");

        Assert.Equal(3, (await router.Totals.ReadAllKeysAsync()).AllTime.Cost.Value);
        var dead = Assert.Single(await router.Broker.Client.CreateReceiver("usage", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter })
            .ReceiveMessagesAsync(10, TimeSpan.FromSeconds(1)));
        Assert.Equal(("bad", UsageFunction.UnreadableReason, "The message has version 7; expected 2."),
            (dead.MessageId, dead.DeadLetterReason, dead.DeadLetterErrorDescription));
    }

    [Fact]
    public async Task Messages_that_are_given_back_come_again_until_they_are_dead_letters()
    {
        var store = new FaultyStore(new MemoryTableStore());
        await using var router = await RunningRouter.StartAsync(store: store);
        var record = Records.Plain(random);
        store.CursedRow = record.Id;

        await router.UsageQueue.EnqueueAsync(record);

        await Eventually.TrueAsync(() => router.Queue.DeadLetters.Count == 1, "the message to be given up");
        Assert.Equal(10, router.Queue.Deliveries);
    }

    [Fact]
    public async Task A_timer_function_that_fails_fails_its_invocation()
    {
        var store = new FaultyStore(new MemoryTableStore());
        await using var router = await RunningRouter.StartAsync(store: store);
        await router.Functions.RunTimerAsync("rollup-sweep");
        store.Away = true;
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => router.Functions.RunTimerAsync("rollup-sweep"));
        Assert.StartsWith("'rollup-sweep' failed: Failure", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_goes_through_as_it_comes()
    {
        await using var router = await RunningRouter.StartAsync();
        var upload = new SlowBody("""{"model":"scripted/echo","messages":[{"role":"user","content":"Hel"""u8.ToArray(), """lo"}]}"""u8.ToArray());
        var asking = router.Client.PostAsync(new Uri("/api/v1/chat/completions", UriKind.Relative), upload);
        // The request is at the worker before its body is whole.
        await Eventually.TrueAsync(() => router.Functions.RunningInvocations == 1, "the invocation");
        Assert.False(asking.IsCompleted);
        upload.Continue.SetResult();
        using var answer = await asking;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Without_a_worker_requests_are_refused()
    {
        await using var host = await Emulators.FunctionsHost.EmulatedHost.StartAsync(
            new Emulators.FunctionsHost.HostOptions { AppDirectory = AppContext.BaseDirectory });
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(host.Address, "/health"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    private sealed class SlowBody : HttpContent
    {
        private readonly byte[] first;
        private readonly byte[] second;

        public SlowBody(byte[] first, byte[] second)
        {
            (this.first, this.second) = (first, second);
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        public TaskCompletionSource Continue { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(first);
            await stream.FlushAsync();
            await Continue.Task;
            await stream.WriteAsync(second);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
