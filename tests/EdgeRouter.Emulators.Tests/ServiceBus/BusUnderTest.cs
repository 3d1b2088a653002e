using Azure.Messaging.ServiceBus;
using EdgeRouter.Emulators.ServiceBus;
using EdgeRouter.Emulators.ServiceBus.Queues;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Emulators.Tests.ServiceBus;

/// <summary>An emulator on a virtual clock with the queue <c>usage</c>, and a real client of it that does not retry unless told to.</summary>
internal sealed class BusUnderTest : IAsyncDisposable
{
    /// <summary>How long the client waits for an answer that does not come; in tests that wait for this, the only wait there is.</summary>
    public static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(1);

    private readonly Lazy<ServiceBusReceiver> receiver;
    private readonly Lazy<ServiceBusReceiver> deadLetters;
    private readonly Lazy<ServiceBusSender> sender;

    public BusUnderTest(QueueOptions? options = null, TimeSpan? tryTimeout = null, int retries = 0)
    {
        Emulator = new ServiceBusEmulator(Time);
        Queue = Emulator.AddQueue("usage", options);
        Client = NewClient(tryTimeout, retries);
        receiver = new(() => Client.CreateReceiver("usage"));
        deadLetters = new(() => Client.CreateReceiver("usage", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter }));
        sender = new(() => Client.CreateSender("usage"));
    }

    public VirtualTimeProvider Time { get; } = new();

    public ServiceBusEmulator Emulator { get; }

    public EmulatedQueue Queue { get; }

    public ServiceBusClient Client { get; }

    public ServiceBusSender Sender => sender.Value;

    public ServiceBusReceiver Receiver => receiver.Value;

    public ServiceBusReceiver DeadLetters => deadLetters.Value;

    public ServiceBusClient NewClient(TimeSpan? tryTimeout = null, int retries = 0) => new(Emulator.ConnectionString, new ServiceBusClientOptions
    {
        RetryOptions = new ServiceBusRetryOptions
        {
            Mode = ServiceBusRetryMode.Fixed,
            MaxRetries = retries,
            Delay = TimeSpan.FromMilliseconds(20),
            TryTimeout = tryTimeout ?? TimeSpan.FromSeconds(30),
        },
    });

    public Task SendAsync(params string[] ids) => Sender.SendMessagesAsync(ids.Select(id => new ServiceBusMessage("{}") { MessageId = id }));

    public async Task<ServiceBusReceivedMessage> ReceiveAsync(ServiceBusReceiver? from = null)
    {
        var message = await (from ?? Receiver).ReceiveMessageAsync(TimeSpan.FromSeconds(20));
        Assert.NotNull(message);
        return message;
    }

    /// <summary>Waits for what the client sends without waiting for an answer.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            if (limit.IsCancellationRequested) throw new TimeoutException($"Waited in vain for {what}.");
            await Task.Delay(1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        Emulator.Dispose();
    }
}
