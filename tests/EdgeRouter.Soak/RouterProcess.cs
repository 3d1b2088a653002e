using System.Diagnostics;
using System.Net.Http.Headers;

namespace EdgeRouter.Soak;

/// <summary>The router as an operator starts it: a process of its own on a folder that stays.</summary>
internal sealed class RouterProcess : IAsyncDisposable
{
    public const string InferenceKey = "sk-soak-inference-0123456789";
    public const string ManagementKey = "sk-soak-management-0123456789";
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);
    private readonly Process process;
    private readonly long startedAt = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource sampling = new();
    private Task watching = Task.CompletedTask;

    private RouterProcess(Process process, Uri address)
    {
        this.process = process;
        Address = address;
    }

    public Uri Address { get; }

    public MemorySlope Memory { get; } = new();

    public bool HasExited => process.HasExited;

    public static async Task<RouterProcess> StartAsync(string folder, string catalog)
    {
        const string Listening = "listening on ";
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "EdgeRouter.Local"), ["--port", "0"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in Settings(folder, catalog)) start.Environment[name] = value;
        var started = Process.Start(start)!;
        while (await started.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith(Listening, StringComparison.Ordinal)) continue;
            var router = new RouterProcess(started, new Uri(line[Listening.Length..]));
            router.watching = Task.WhenAll(router.SampleAsync(), started.StandardOutput.ReadToEndAsync());
            return router;
        }
        throw new InvalidOperationException("The router did not start.");
    }

    /// <summary>A client with one connection.</summary>
    public HttpClient CreateClient(string key = InferenceKey)
    {
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1, MaxResponseDrainSize = 0, ResponseDrainTimeout = TimeSpan.Zero })
        {
            BaseAddress = Address,
            Timeout = Grace,
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Ends it without a word (<c>kill -9</c>).</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to end (SIGTERM), and waits. Returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(Grace);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await KillAsync();
        await sampling.CancelAsync();
        await watching;
        process.Dispose();
        sampling.Dispose();
    }

    private async Task SampleAsync()
    {
        while (!sampling.IsCancellationRequested && !process.HasExited)
        {
            process.Refresh();
            // A process that is ending has none.
            if (!process.HasExited && process.WorkingSet64 is var resident and > 0) Memory.Add(Stopwatch.GetElapsedTime(startedAt), resident);
            await Task.Delay(1000, sampling.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static (string, string)[] Settings(string folder, string catalog) =>
    [
        ("EdgeRouter__Storage", "file:" + Path.Combine(folder, "store")), ("EdgeRouter__Catalog__Files__0", catalog),
        ("EdgeRouter__Keys__Inference", InferenceKey), ("EdgeRouter__Keys__Management", ManagementKey),
        ("EdgeRouter__Providers__alpha__ApiKey", "sk-alpha-0123456789"), ("EdgeRouter__Providers__beta__ApiKey", "sk-beta-0123456789"),
        ("EdgeRouter__Budgets__Inference__Limit", "100000"), ("EdgeRouter__Budgets__LeaseShare", "0.001"),
        ("EdgeRouter__Limits__IdleSeconds", "1"), ("EdgeRouter__Limits__FirstTokenSeconds", "5"), ("EdgeRouter__Limits__StallSeconds", "2"),
        // Failures are meant: their warnings would fill the pipe.
        ("Logging__Console__LogLevel__Default", "Error"),
    ];
}
