using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Emulators.ServiceBus.InMemory;
using EdgeRouter.Emulators.ServiceBus.Queues;
using EdgeRouter.Gateway;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeRouter.Functions.Tests;

/// <summary>A router with a Service Bus inside of the process, on the router's clock, which may be virtual.</summary>
internal sealed class RunningRouter : RouterUnderTest
{
    private const string ConnectionString = "Endpoint=sb://broker.test/;SharedAccessKeyName=a;SharedAccessKey=b";

    private RunningRouter(StartedApp app, Broker broker) : base(app) => Broker = broker;

    public Broker Broker { get; }

    public EmulatedQueue Queue => Broker.Queue("usage");

    /// <summary>Settings that this host needs.</summary>
    public static Dictionary<string, string?> Settings(string journal) => Settings(journal, ConnectionString);

    public static Task<RunningRouter> StartAsync(TimeProvider? time = null, ITableStore? store = null, params (string Path, string Value)[] settings) =>
        StartAsync(time, store, 1, settings);

    /// <param name="time">Clock of the router and of its host.</param>
    /// <param name="store">Its tables.</param>
    /// <param name="writers">Batches of usage that are written at once; zero: no trigger fires by itself.</param>
    /// <param name="settings">Settings beside or instead of the usual ones.</param>
    public static Task<RunningRouter> StartAsync(TimeProvider? time, ITableStore? store, int writers, params (string Path, string Value)[] settings) =>
        StartAsync(time ?? TimeProvider.System, store ?? new MemoryTableStore(), writers, settings, replace: null);

    /// <summary>Starts the app with other parts than its own.</summary>
    public static Task<RunningRouter> StartAsync(TimeProvider time, ITableStore store, Action<IServiceCollection> replace,
        params (string Path, string Value)[] settings) => StartAsync(time, store, 1, settings, replace);

    /// <summary>Starts the app with another request pipeline than the gateway's.</summary>
    /// <param name="gateway">The pipeline.</param>
    /// <param name="functionTimeout">Longest that an invocation may take; null: as in other tests.</param>
    public static Task<RunningRouter> StartWithAsync(RequestDelegate gateway, TimeSpan? functionTimeout = null) =>
        StartAsync(TimeProvider.System, new MemoryTableStore(), 1, [], services => services.Replace(ServiceDescriptor.Singleton(gateway)), functionTimeout);

    /// <summary>Starts the app with something around the gateway's pipeline.</summary>
    public static Task<RunningRouter> StartAroundAsync(Func<RequestDelegate, RequestDelegate> around, params (string Path, string Value)[] settings) =>
        StartAsync(TimeProvider.System, new MemoryTableStore(), 1, settings,
            services => services.Replace(ServiceDescriptor.Singleton(provider => around(GatewayPipeline.Build(provider)))));

    private static async Task<RunningRouter> StartAsync(TimeProvider time, ITableStore store, int writers, (string Path, string Value)[] settings,
        Action<IServiceCollection>? replace, TimeSpan? functionTimeout = null)
    {
        var broker = new Broker(time);
        var app = await StartAppAsync(time, store, ConnectionString, settings, (_, _) => broker.Client,
            options => options with
            {
                BatchesAtOnce = Math.Max(writers, 1),
                RunTriggers = writers > 0,
                FunctionTimeout = functionTimeout ?? options.FunctionTimeout,
                OpenReceiver = (_, queue) => broker.Client.CreateReceiver(queue),
            },
            replace);
        return new RunningRouter(app, broker);
    }
}
