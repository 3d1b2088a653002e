using System.Collections.Concurrent;
using System.Net.Http.Headers;
using EdgeRouter.Emulators.FunctionsHost;
using EdgeRouter.TestSupport.Storage;

namespace EdgeRouter.Functions.Tests.Host;

/// <summary>A published app as a process of its own under a host, started as in Azure: nothing of it is replaced.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    /// <summary>Generous, because the machine may be busy with other tests.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly ConcurrentQueue<string> log;
    private readonly WorkerProcess worker;

    private AppProcess(EmulatedHost host, WorkerProcess worker, ConcurrentQueue<string> log)
    {
        Host = host;
        this.worker = worker;
        this.log = log;
        Client = new HttpClient { BaseAddress = host.Address, Timeout = Limit };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", RouterUnderTest.InferenceKey);
    }

    public EmulatedHost Host { get; }

    /// <summary>With the inference key.</summary>
    public HttpClient Client { get; }

    /// <summary>What the app and the host said, a line each.</summary>
    public string Log => string.Join('\n', log);

    /// <summary>Of the app.</summary>
    public int ProcessId => worker.Id;

    /// <summary>Starts both and waits until the app serves.</summary>
    /// <param name="folder">The published app.</param>
    /// <param name="storage">Value of <c>EdgeRouter__Storage</c>.</param>
    /// <param name="bus">Connection string of the bus.</param>
    /// <param name="journal">Folder of journals.</param>
    /// <param name="settings">Settings beside or instead of the usual ones.</param>
    public static async Task<AppProcess> StartAsync(string folder, string storage, string bus, TemporaryFolder journal,
        params (string Name, string Value)[] settings)
    {
        var values = RouterUnderTest.Settings(journal.Path, bus).ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
            setting => setting.Value!);
        values["EdgeRouter__Storage"] = storage;
        foreach (var (name, value) in settings) values[name] = value;
        var lines = new ConcurrentQueue<string>();
        var options = new HostOptions
        {
            AppDirectory = folder,
            Settings = values,
            OnLog = (level, line) => lines.Enqueue($"{level} {line}"),
            FunctionTimeout = Limit,
        };
        var host = await EmulatedHost.StartAsync(options);
        var started = new AppProcess(host, WorkerProcess.Start(host, options, lines.Enqueue), lines);
        try
        {
            await started.UntilServingAsync();
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the process as a crash does.</summary>
    public async Task CrashAsync()
    {
        worker.Kill();
        await worker.Exit.WaitAsync(Limit);
    }

    /// <summary>Asks the app to end, and tells its exit code.</summary>
    public async Task<int> EndAsync()
    {
        Host.TerminateWorker(TimeSpan.FromSeconds(10));
        return await worker.Exit.WaitAsync(Limit);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await worker.DisposeAsync();
        await Host.DisposeAsync();
    }

    private async Task UntilServingAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        if (await Task.WhenAny(Host.Ready, worker.Exit, Task.Delay(Limit)) != Host.Ready) throw new TimeoutException("Not ready:\n" + Log);
        await Host.Ready;
        // The worker gives a request five seconds to meet its invocation. The first ones of a process that starts on a busy machine may miss each other.
        while (true)
        {
            using var answer = await Client.GetAsync(new Uri("/health", UriKind.Relative), limit.Token);
            if (answer.IsSuccessStatusCode) return;
            limit.Token.ThrowIfCancellationRequested();
        }
    }
}
