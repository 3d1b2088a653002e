using System.Net.Http.Headers;
using EdgeRouter.AzureAdapters.ServiceBus;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Emulators.FunctionsHost;
using EdgeRouter.Functions.Tests.Bus;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using HostOptions = EdgeRouter.Emulators.FunctionsHost.HostOptions;

namespace EdgeRouter.Functions.Tests;

/// <summary>The whole Functions app on the real worker and the emulated host: real sockets before it, a broker and a store in memory behind it.</summary>
internal sealed class RunningRouter : IAsyncDisposable
{
    public const string InferenceKey = "sk-test-inference-0123456789";
    public const string ManagementKey = "sk-test-management-0123456789";

    private const string ConnectionString = "Endpoint=sb://broker.test/;SharedAccessKeyName=a;SharedAccessKey=b";

    private readonly IHost host;
    private readonly TemporaryFolder folder;
    private readonly TimeProvider time;

    private RunningRouter(EmulatedHost functions, IHost host, Broker broker, ITableStore store, TemporaryFolder folder, TimeProvider time)
    {
        Functions = functions;
        this.host = host;
        this.folder = folder;
        this.time = time;
        Broker = broker;
        Store = store;
        Client = new HttpClient { BaseAddress = functions.Address };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", InferenceKey);
    }

    public HttpClient Client { get; }

    public Broker Broker { get; }

    public ITableStore Store { get; }

    public BrokerQueue Queue => Broker.Queue("usage");

    public ServiceBusUsageQueue UsageQueue => host.Services.GetRequiredService<ServiceBusUsageQueue>();

    /// <summary>The Functions host.</summary>
    public EmulatedHost Functions { get; }

    public required ErrorLog Errors { get; init; }

    public UsageTotals Totals => new(Store, time);

    /// <summary>Settings that this host needs.</summary>
    public static Dictionary<string, string?> Settings(string journal, string connectionString = ConnectionString) => new()
    {
        ["EdgeRouter:Region"] = "westeurope",
        ["EdgeRouter:Storage"] = "tables:in-memory",
        ["EdgeRouter:UsageQueue"] = "servicebus:" + connectionString,
        ["EdgeRouter:Keys:Inference"] = InferenceKey,
        ["EdgeRouter:Keys:Management"] = ManagementKey,
        ["EdgeRouter:Catalog:Scripted"] = "true",
        ["EdgeRouter:Azure:UsageJournal"] = journal,
        ["UsageBus"] = connectionString,
        ["UsageQueueName"] = "usage",
        ["RollupSweepSchedule"] = "0 15 1 * * *",
        ["StatisticsSnapshotSchedule"] = "0 */10 * * * *",
        ["LeaseJanitorSchedule"] = "0 5/15 * * * *",
    };

    public static Task<RunningRouter> StartAsync(TimeProvider? time = null, ITableStore? store = null, params (string Path, string Value)[] settings) =>
        StartAsync(time, store, 1, settings);

    /// <param name="time">Clock of the router and of its host.</param>
    /// <param name="store">Its tables.</param>
    /// <param name="writers">Batches of usage that are written at once.</param>
    /// <param name="settings">Settings beside or instead of the usual ones.</param>
    public static async Task<RunningRouter> StartAsync(TimeProvider? time, ITableStore? store, int writers, params (string Path, string Value)[] settings)
    {
        time ??= TimeProvider.System;
        store ??= new MemoryTableStore();
        var journal = new TemporaryFolder();
        var broker = new Broker(time);
        var values = Settings(journal.Path);
        foreach (var (path, value) in settings) values[path] = value;
        var errors = new ErrorLog();
        var functions = await EmulatedHost.StartAsync(new HostOptions
        {
            AppDirectory = AppContext.BaseDirectory,
            Settings = values.ToDictionary(setting => setting.Key, setting => setting.Value ?? ""),
            Time = time,
            BatchesAtOnce = writers,
            OpenReceiver = (_, queue) => broker.Client.CreateReceiver(queue),
        });
        var running = RouterApplication.Build([], (_, _) => store, (_, _) => broker.Client, builder =>
        {
            builder.Connect(functions);
            builder.Configuration.AddInMemoryCollection(values);
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(errors);
            builder.Services.AddSingleton(time);
        });
        await running.StartAsync();
        await functions.Ready;
        return new RunningRouter(functions, running, broker, store, journal, time) { Errors = errors };
    }

    public Task<HttpResponseMessage> ChatAsync(string model = "scripted/echo", bool stream = false, CancellationToken cancellationToken = default) =>
        Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/api/v1/chat/completions")
        {
            Content = new StringContent(
                $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Hello, router"}]}""",
                new MediaTypeHeaderValue("application/json")),
        },
        stream ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead,
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        // What cannot be reached any more is waited for, on the clock that the router has.
        if (time is VirtualTimeProvider clock) await clock.TickAsync(StopAsync(), 1000);
        else await StopAsync();
        await Functions.DisposeAsync();
        folder.Dispose();
    }

    private async Task StopAsync()
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }
}
