using EdgeRouter.Benchmarks.Load;
using EdgeRouter.Emulators.FunctionsHost;
using EdgeRouter.Emulators.ServiceBus;
using EdgeRouter.TestSupport.Emulator;
using EdgeRouter.TestSupport.Storage;

namespace EdgeRouter.Benchmarks.Functions;

/// <summary>
/// The built Functions app on the real worker, with the emulated host, the emulated Service Bus and Azurite: five processes, as in Azure, where the
/// records are also taken from the queue by other instances.
/// </summary>
internal sealed class FunctionsStack : IAsyncDisposable
{
    private const string QueueName = "usage";
    private readonly TemporaryFolder folder = new();
    private AzuriteProcess? azurite;
    private ChildProcess? bus;
    private DelayedLink? link;
    private ChildProcess? host;

    private FunctionsStack()
    {
    }

    /// <summary>Where callers send requests.</summary>
    public Uri Address => host!.Address;

    /// <summary>Of the emulated Service Bus.</summary>
    public string BusConnection { get; private set; } = null!;

    /// <summary>Time since the worker's process was started.</summary>
    public TimeSpan SinceWorkerStarted => TimeProvider.System.GetLocalNow().DateTime - host!.Started;

    /// <summary>What of the worker is resident.</summary>
    public ResidentMemory WorkerMemory => ResidentMemory.Of(host!.ProcessId);

    /// <summary>Waits until the worker's memory changes no more.</summary>
    public Task SettledAsync() => host!.SettledWorkingSetAsync();

    /// <summary>Settings of the app, without the catalog's.</summary>
    private (string Name, string Value)[] Settings =>
    [
        ("EdgeRouter__Region", "local"), ("EdgeRouter__Storage", "tables:" + azurite!.ConnectionString), ("UsageQueueName", QueueName),
        ("EdgeRouter__UsageQueue", "servicebus:" + BusConnection), ("UsageBus", BusConnection),
        ("EdgeRouter__Azure__UsageJournal", Path.Combine(folder.Path, "journal")), ("RollupSweepSchedule", "0 15 1 * * *"),
        ("StatisticsSnapshotSchedule", "0 */10 * * * *"), ("LeaseJanitorSchedule", "0 5/15 * * * *"),
        ("MoneyExportSchedule", "0 45 2-5 * * *"),
    ];

    /// <param name="app">Folder of the built app.</param>
    /// <param name="catalog">Its catalog, keys and provider.</param>
    /// <param name="distance">Round trip to the bus, beside what it takes on this machine.</param>
    public static async Task<FunctionsStack> StartAsync(string app, BenchmarkCatalog catalog, TimeSpan distance = default)
    {
        var stack = new FunctionsStack();
        try
        {
            stack.azurite = await AzuriteProcess.StartAsync(stack.folder.Path);
            stack.bus = await ChildProcess.StartRoleAsync(ChildProcess.BusRole, [], []);
            if (distance > TimeSpan.Zero) stack.link = new DelayedLink(stack.bus.Address.Port, distance);
            var port = stack.link?.Port ?? stack.bus.Address.Port;
            stack.BusConnection = $"Endpoint=sb://127.0.0.1:{port};SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true";
            stack.host = await ChildProcess.StartRoleAsync(ChildProcess.HostRole, [Path.GetFullPath(app)], [.. stack.Settings,
                .. catalog.Environment.Where(static setting => setting.Name is not ("EdgeRouter__Storage" or "EdgeRouter__Store__FlushToDisk"))]);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null) await host.EndAsync();
        if (link is not null) await link.DisposeAsync();
        bus?.Dispose();
        if (azurite is not null) await azurite.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>Role of a child process: the emulated host with the worker of the app.</summary>
    public static async Task<int> RunHostAsync(string app)
    {
        var settings = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            settings[(string)variable.Key] = (string?)variable.Value ?? "";
        // What the worker logs goes through its connection to the host, and is part of what a request costs.
        var options = new HostOptions { AppDirectory = app, Settings = settings, RunTriggers = false };
        await using var emulated = await EmulatedHost.StartAsync(options);
        await using var worker = WorkerProcess.Start(emulated, options, Console.Error.WriteLine);
        if (await Task.WhenAny(emulated.Ready, worker.Exit) != emulated.Ready) return await worker.Exit;
        await emulated.Ready;
        Console.WriteLine($"{ChildProcess.Worker}{worker.Id}");
        Console.WriteLine($"{ChildProcess.Listening}{emulated.Address}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>Role of a child process: the emulated Service Bus.</summary>
    public static async Task<int> RunBusAsync()
    {
        using var emulator = new ServiceBusEmulator(TimeProvider.System);
        emulator.AddQueue(QueueName);
        Console.WriteLine($"{ChildProcess.Listening}http://127.0.0.1:{emulator.Port}/");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
