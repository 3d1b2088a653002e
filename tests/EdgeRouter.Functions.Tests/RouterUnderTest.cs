using System.Net.Http.Headers;
using System.Net.Sockets;
using EdgeRouter.AzureAdapters.ServiceBus;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.Emulators.FunctionsHost;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using HostOptions = EdgeRouter.Emulators.FunctionsHost.HostOptions;

namespace EdgeRouter.Functions.Tests;

/// <summary>The whole Functions app on the real worker and the emulated host: real sockets before it. What is behind it is said by those who derive.</summary>
internal abstract class RouterUnderTest : IAsyncDisposable
{
    public const string InferenceKey = "sk-test-inference-0123456789";
    public const string ManagementKey = "sk-test-management-0123456789";

    private readonly StartedApp app;

    protected RouterUnderTest(StartedApp app)
    {
        this.app = app;
        Client = NewClient();
    }

    public HttpClient Client { get; }

    public ITableStore Store => app.Store;

    public ServiceBusUsageQueue UsageQueue => app.Host.Services.GetRequiredService<ServiceBusUsageQueue>();

    /// <summary>The Functions host.</summary>
    public EmulatedHost Functions => app.Functions;

    public ErrorLog Errors => app.Errors;

    /// <summary>A part of the router.</summary>
    public T Services<T>() where T : notnull => app.Host.Services.GetRequiredService<T>();

    public UsageTotals Totals => new(Store, app.Time);

    /// <summary>Settings that this host needs.</summary>
    public static Dictionary<string, string?> Settings(string journal, string connectionString) => new()
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
        ["MoneyExportSchedule"] = "0 45 2-5 * * *",
    };

    /// <summary>Another caller, with connections of its own and the inference key.</summary>
    public HttpClient NewClient()
    {
        var client = new HttpClient { BaseAddress = app.Functions.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", InferenceKey);
        return client;
    }

    public Task<HttpResponseMessage> ChatAsync(string model = "scripted/echo", bool stream = false, HttpClient? client = null,
        CancellationToken cancellationToken = default) => (client ?? Client).SendAsync(
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
        await app.DisposeAsync();
    }

    /// <param name="time">Clock of the router and of its host's timers.</param>
    /// <param name="store">Its tables.</param>
    /// <param name="connectionString">Of its Service Bus.</param>
    /// <param name="settings">Settings beside or instead of the usual ones.</param>
    /// <param name="openBus">Makes the router's client; null: the real one.</param>
    /// <param name="change">Changes what the host runs.</param>
    /// <param name="replace">Replaces services of the app, when all are registered; null: none.</param>
    protected static async Task<StartedApp> StartAppAsync(TimeProvider time, ITableStore store, string connectionString, (string Path, string Value)[] settings,
        ServiceBusFactory? openBus, Func<HostOptions, HostOptions> change, Action<IServiceCollection>? replace = null)
    {
        var started = new StartedApp(store, time);
        try
        {
            await started.StartAsync(connectionString, settings, openBus, change, replace);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>The app and its host, from the moment that they begin to start.</summary>
    protected sealed class StartedApp(ITableStore store, TimeProvider time) : IAsyncDisposable
    {
        private static readonly TimeSpan LongestInvocation = TimeSpan.FromMinutes(2);
        private readonly TemporaryFolder journal = new();
        private Socket? socket;

        public EmulatedHost Functions { get; private set; } = null!;

        public IHost Host { get; private set; } = null!;

        public ITableStore Store => store;

        public TimeProvider Time => time;

        public ErrorLog Errors { get; } = new();

        public async Task StartAsync(string connectionString, (string Path, string Value)[] settings, ServiceBusFactory? openBus,
            Func<HostOptions, HostOptions> change, Action<IServiceCollection>? replace)
        {
            var values = Settings(journal.Path, connectionString);
            foreach (var (path, value) in settings) values[path] = value;
            Functions = await EmulatedHost.StartAsync(change(new HostOptions
            {
                AppDirectory = AppContext.BaseDirectory,
                Settings = values.ToDictionary(setting => setting.Key, setting => setting.Value ?? ""),
                Time = time,
                FunctionTimeout = LongestInvocation,
            }));
            Host = await RouterApplication.BuildAsync([], (_, _) => store, openBus, builder =>
            {
                socket = builder.Connect(Functions);
                builder.Configuration.AddInMemoryCollection(values);
                builder.Logging.ClearProviders();
                builder.Logging.AddProvider(Errors);
                builder.Services.AddSingleton(time);
                if (replace is not null) ((IHostApplicationBuilder)builder).ConfigureContainer(new DefaultServiceProviderFactory(), replace);
            });
            await Host.StartAsync().InTimeAsync("the worker to start");
            await Functions.Ready.InTimeAsync("the worker to load its functions");
        }

        public async ValueTask DisposeAsync()
        {
            // What cannot be reached any more is waited for, on the clock that the router has.
            if (time is VirtualTimeProvider clock) await clock.TickAsync(StopAsync(), 1000, what: "the app to stop");
            else await StopAsync().InTimeAsync("the app to stop");
            if (Functions is not null) await Functions.DisposeAsync().AsTask().InTimeAsync("the host to stop");
            socket?.Dispose();
            journal.Dispose();
        }

        private async Task StopAsync()
        {
            if (Host is null) return;
            await Host.StopAsync();
            if (Host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        }
    }
}
