using System.Net.Http.Headers;
using EdgeRouter.AzureAdapters.ServiceBus;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.StandIns.Functions;
using EdgeRouter.StandIns.ServiceBus;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions.Tests;

/// <summary>The whole Functions app on the stand-in host: real sockets before it, the broker and a store in memory behind it.</summary>
internal sealed class RunningRouter : IAsyncDisposable
{
    public const string InferenceKey = "sk-test-inference-0123456789";
    public const string ManagementKey = "sk-test-management-0123456789";

    private readonly IHost host;
    private readonly TemporaryFolder folder;
    private readonly TimeProvider time;

    private RunningRouter(IHost host, Broker broker, ITableStore store, TemporaryFolder folder, TimeProvider time)
    {
        this.host = host;
        this.folder = folder;
        this.time = time;
        Broker = broker;
        Store = store;
        Client = new HttpClient {
            BaseAddress = new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", InferenceKey);
    }

    public HttpClient Client { get; }

    public Broker Broker { get; }

    public ITableStore Store { get; }

    public BrokerQueue Queue => Broker.Queue("usage");

    public ServiceBusUsageQueue UsageQueue => host.Services.GetRequiredService<ServiceBusUsageQueue>();

    public InvocationControl Invocations => host.Services.GetRequiredService<InvocationControl>();

    public required ErrorLog Errors { get; init; }

    public UsageTotals Totals => new(Store, time);

    /// <summary>Settings that this host needs, for a broker of the given name.</summary>
    public static Dictionary<string, string?> Settings(string connectionString, string journal) => new()
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

    public static async Task<RunningRouter> StartAsync(TimeProvider? time = null, ITableStore? store = null, params (string Path, string Value)[] settings)
    {
        time ??= TimeProvider.System;
        store ??= new MemoryTableStore();
        var journal = new TemporaryFolder();
        var broker = new Broker($"{Guid.NewGuid():N}.servicebus.test", time);
        var values = Settings(broker.ConnectionString, journal.Path);
        values["urls"] = "http://127.0.0.1:0";
        foreach (var (path, value) in settings) values[path] = value;
        var errors = new ErrorLog();
        var running = RouterApplication.Build([], (_, _) => store, builder =>
        {
            builder.Configuration.AddInMemoryCollection(values);
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(errors);
            builder.Services.AddSingleton(time);
        });
        await running.StartAsync();
        return new RunningRouter(running, broker, store, journal, time) { Errors = errors };
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
        Broker.Dispose();
        folder.Dispose();
    }

    private async Task StopAsync()
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }
}
