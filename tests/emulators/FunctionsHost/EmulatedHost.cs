using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using EdgeRouter.Emulators.FunctionsHost.Http;
using EdgeRouter.Emulators.FunctionsHost.Triggers;
using EdgeRouter.Emulators.FunctionsHost.Worker;
using Grpc.Core;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Yarp.ReverseProxy.Forwarder;

namespace EdgeRouter.Emulators.FunctionsHost;

/// <summary>
/// A Functions host for one worker at a time. The worker dials <see cref="WorkerEndpoint"/>; callers use <see cref="Address"/>. Thread-safe. Stop the
/// worker before disposing.
/// </summary>
public sealed class EmulatedHost : IAsyncDisposable
{
    private readonly HostOptions options;
    private readonly HostJson hostJson;
    private readonly LockedMessages locked = new();
    private readonly ConcurrentQueue<string> failed = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication rpc = null!;
    private WebApplication front = null!;
    private volatile WorkerConnection? worker;

    private EmulatedHost(HostOptions options)
    {
        this.options = options;
        hostJson = HostJson.Read(options.AppDirectory);
    }

    /// <summary>Where callers send HTTP requests; 503 until a worker is ready.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>What the worker's setting <c>Functions:Worker:HostEndpoint</c> is to be.</summary>
    public Uri WorkerEndpoint { get; private set; } = null!;

    /// <summary>Completes when the first worker has loaded its functions and its triggers run; fails if it cannot.</summary>
    public Task Ready => ready.Task;

    /// <summary>Names of the worker's functions; empty without one.</summary>
    public IReadOnlyList<string> Functions => worker is { } connected ? [.. connected.Functions.Select(static function => function.Name)] : [];

    /// <summary>Invocations under way.</summary>
    public int RunningInvocations => worker?.RunningInvocations ?? 0;

    /// <summary>Invocations that did not succeed since the start, a line each.</summary>
    public IReadOnlyCollection<string> FailedInvocations => failed;

    /// <summary>Starts to listen, on 127.0.0.1.</summary>
    public static async Task<EmulatedHost> StartAsync(HostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var host = new EmulatedHost(options);
        host.rpc = host.BuildRpc();
        await host.rpc.StartAsync();
        host.WorkerEndpoint = AddressOf(host.rpc);
        host.front = host.BuildFront();
        await host.front.StartAsync();
        host.Address = AddressOf(host.front);
        return host;
    }

    /// <summary>Runs a timer function now, whatever its schedule says.</summary>
    /// <exception cref="InvalidOperationException">The function failed, or there is none of that name.</exception>
    public async Task RunTimerAsync(string function, CancellationToken cancellationToken = default)
    {
        var (connected, found) = Find(function);
        Check(found, await new TimerTrigger(found, connected, options).FireAsync(cancellationToken));
    }

    /// <summary>Runs a Service Bus function now, with messages that are locked. The worker settles them; what it leaves is left.</summary>
    /// <param name="function">Name of the function.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="receiver">What they were received by.</param>
    /// <param name="cancellationToken">Cancels the invocation; its end is waited for.</param>
    /// <exception cref="InvalidOperationException">The function failed, or there is none of that name.</exception>
    public async Task RunBatchAsync(string function, IReadOnlyList<ServiceBusReceivedMessage> messages, ServiceBusReceiver receiver,
        CancellationToken cancellationToken = default)
    {
        var (connected, found) = Find(function);
        Check(found, await new BatchDelivery(found, connected, receiver, locked).RunAsync(messages, cancellationToken));
    }

    /// <summary>Runs the warm-up function, as when an instance is added.</summary>
    /// <exception cref="InvalidOperationException">It failed, or there is none.</exception>
    public async Task WarmUpAsync(CancellationToken cancellationToken = default)
    {
        var (connected, found) = Find("warmup");
        Check(found, await connected.InvokeAsync(found, Guid.NewGuid().ToString(), new TypedData { Json = "{}" }, cancellationToken));
    }

    /// <summary>Cancels every invocation under way, as at a time-out. HTTP connections stay open.</summary>
    public void CancelInvocations() => worker?.CancelAll();

    /// <summary>Asks the worker to end; does not wait for it.</summary>
    public void TerminateWorker(TimeSpan grace) => worker?.Terminate(grace);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        ready.TrySetCanceled();
        if (front is not null) await front.DisposeAsync();
        await rpc.DisposeAsync();
    }

    internal async Task ServeAsync(IAsyncStreamReader<StreamingMessage> incoming, IServerStreamWriter<StreamingMessage> outgoing,
        CancellationToken cancellationToken)
    {
        var connected = new WorkerConnection(options, options.FunctionTimeout ?? hostJson.FunctionTimeout, failed.Enqueue);
        try
        {
            if (!await incoming.MoveNext(cancellationToken) || incoming.Current.StartStream is null)
                throw new InvalidOperationException("The first message is no start message.");
            var relaying = connected.RunAsync(incoming, outgoing, cancellationToken);
            await connected.StartAsync();
            worker = connected;
            var triggers = options.RunTriggers ? new RunningTriggers(connected, options, hostJson, locked) : null;
            ready.TrySetResult();
            await relaying;
            if (triggers is not null) await triggers.DisposeAsync();
        }
        catch (Exception error)
        {
            // Whatever it was: who waits for the worker must hear of it.
            options.Log(LogLevel.Error, $"The worker could not be started: {error.Message}");
            ready.TrySetException(error);
        }
        finally
        {
            if (worker == connected) worker = null;
        }
    }

    private static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    private static WebApplicationBuilder Builder(int port, HttpProtocols protocols)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 104_857_600;
            kestrel.Listen(System.Net.IPAddress.Loopback, port, endpoint => endpoint.Protocols = protocols);
        });
        // Streams that are under way would hold up the end by half a minute.
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(static settings => settings.ShutdownTimeout = TimeSpan.FromSeconds(2));
        return builder;
    }

    private WebApplication BuildRpc()
    {
        var builder = Builder(0, HttpProtocols.Http2);
        builder.Services.AddGrpc(static grpc => grpc.MaxReceiveMessageSize = grpc.MaxSendMessageSize = int.MaxValue);
        builder.Services.AddSingleton(this);
        builder.Services.AddSingleton(locked);
        var app = builder.Build();
        app.MapGrpcService<WorkerService>();
        app.MapGrpcService<SettlementService>();
        return app;
    }

    private WebApplication BuildFront()
    {
        var builder = Builder(options.Port, HttpProtocols.Http1);
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton(services => new HttpFront(services.GetRequiredService<IHttpForwarder>(), hostJson, () => worker));
        var app = builder.Build();
        app.Run(app.Services.GetRequiredService<HttpFront>().ServeAsync);
        return app;
    }

    private (WorkerConnection Worker, Function Function) Find(string name)
    {
        var connected = worker ?? throw new InvalidOperationException("There is no worker.");
        return (connected, connected.Functions.FirstOrDefault(function => function.Name == name)
            ?? throw new InvalidOperationException($"The worker has no function '{name}'."));
    }

    private static void Check(Function function, StatusResult result)
    {
        if (result.Status != StatusResult.Types.Status.Success)
            throw new InvalidOperationException($"'{function.Name}' failed: {result.Status} {result.Exception?.Message}");
    }
}
