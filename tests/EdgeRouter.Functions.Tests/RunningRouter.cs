using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Functions.Tests.Bus;

namespace EdgeRouter.Functions.Tests;

/// <summary>A router with a Service Bus inside of the process, on the router's clock, which may be virtual.</summary>
internal sealed class RunningRouter : RouterUnderTest
{
    private const string ConnectionString = "Endpoint=sb://broker.test/;SharedAccessKeyName=a;SharedAccessKey=b";

    private RunningRouter(StartedApp app, Broker broker) : base(app) => Broker = broker;

    public Broker Broker { get; }

    public BrokerQueue Queue => Broker.Queue("usage");

    /// <summary>Settings that this host needs.</summary>
    public static Dictionary<string, string?> Settings(string journal) => Settings(journal, ConnectionString);

    public static Task<RunningRouter> StartAsync(TimeProvider? time = null, ITableStore? store = null, params (string Path, string Value)[] settings) =>
        StartAsync(time, store, 1, settings);

    /// <param name="time">Clock of the router and of its host.</param>
    /// <param name="store">Its tables.</param>
    /// <param name="writers">Batches of usage that are written at once.</param>
    /// <param name="settings">Settings beside or instead of the usual ones.</param>
    public static async Task<RunningRouter> StartAsync(TimeProvider? time, ITableStore? store, int writers, params (string Path, string Value)[] settings)
    {
        time ??= TimeProvider.System;
        var broker = new Broker(time);
        var app = await StartAppAsync(time, store ?? new MemoryTableStore(), ConnectionString, settings, (_, _) => broker.Client,
            options => options with { BatchesAtOnce = writers, OpenReceiver = (_, queue) => broker.Client.CreateReceiver(queue) });
        return new RunningRouter(app, broker);
    }
}
