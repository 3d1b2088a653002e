using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Azure.Messaging.ServiceBus;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Functions.Tests.Usage;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;
using Grpc.Core;
using Grpc.Net.Client;
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
        using var answer = await asking.InTimeAsync();
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

    [Fact]
    public async Task An_invocation_that_outlives_the_functions_time_is_cut_off_and_the_log_says_which()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var router = await RunningRouter.StartWithAsync(async context =>
        {
            await context.Response.Body.FlushAsync();
            await end.Task.InTimeAsync();
        }, TimeSpan.FromSeconds(0.5));
        await Assert.ThrowsAsync<HttpRequestException>(() => router.Client.GetStringAsync(new Uri("/", UriKind.Relative)).InTimeAsync());
        Assert.StartsWith("Timeout value of 00:00:00.5000000 exceeded by function 'Functions.gateway'",
            Assert.Single(router.Functions.FailedInvocations), StringComparison.Ordinal);
        end.SetResult();
    }

    [Fact]
    public async Task A_worker_that_says_no_start_message_fails_the_wait_for_it()
    {
        await using var host = await Emulators.FunctionsHost.EmulatedHost.StartAsync(
            new Emulators.FunctionsHost.HostOptions { AppDirectory = AppContext.BaseDirectory });
        using var channel = GrpcChannel.ForAddress(host.WorkerEndpoint);
        var bytes = Marshallers.Create(static message => message, static message => message);
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(
            new Method<byte[], byte[]>(MethodType.DuplexStreaming, "AzureFunctionsRpcMessages.FunctionRpc", "EventStream", bytes, bytes), null, default);
        await call.RequestStream.WriteAsync([]);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.Ready.InTimeAsync());
        Assert.Equal("The first message is no start message.", error.Message);
    }

    [Fact]
    public async Task A_worker_process_has_ended_although_one_that_it_started_holds_its_output_open()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "host.json"), "{}");
        File.WriteAllText(Path.Combine(folder.Path, "worker.config.json"),
            """{"description":{"defaultExecutablePath":"/bin/sh","defaultWorkerPath":"worker.sh"}}""");
        File.WriteAllText(Path.Combine(folder.Path, "worker.sh"), "sleep 60 & echo pid $!; exit 3");
        var options = new Emulators.FunctionsHost.HostOptions { AppDirectory = folder.Path };
        await using var host = await Emulators.FunctionsHost.EmulatedHost.StartAsync(options);
        var started = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var process = Emulators.FunctionsHost.WorkerProcess.Start(host, options,
            line => started.TrySetResult(int.Parse(line["pid ".Length..], CultureInfo.InvariantCulture)));
        using var child = Process.GetProcessById(await started.Task.InTimeAsync());
        Assert.Equal(3, await process.Exit.InTimeAsync());
        Assert.False(child.HasExited);
        child.Kill();
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
            await Continue.Task.InTimeAsync();
            await stream.WriteAsync(second);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
