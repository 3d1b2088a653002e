using EdgeRouter.Core.Storage;
using EdgeRouter.Emulators.ServiceBus;

namespace EdgeRouter.Functions.Tests;

/// <summary>A router and a host with the real Service Bus client, over AMQP to an emulated bus.</summary>
internal sealed class RouterOnBus : RouterUnderTest
{
    private RouterOnBus(StartedApp app) : base(app) { }

    /// <param name="bus">The bus, with the queue <c>usage</c>.</param>
    /// <param name="store">Its tables.</param>
    /// <param name="time">Clock of the router and of its host's timers; the bus should have the same. The clients' waits are real.</param>
    /// <param name="writers">Batches of usage that are written at once.</param>
    public static async Task<RouterOnBus> StartAsync(ServiceBusEmulator bus, ITableStore store, TimeProvider? time = null, int writers = 1) =>
        new(await StartAppAsync(time ?? TimeProvider.System, store, bus.ConnectionString, [], openBus: null,
            options => options with { BatchesAtOnce = writers }));
}
