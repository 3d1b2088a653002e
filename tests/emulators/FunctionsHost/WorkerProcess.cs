using System.Diagnostics;
using System.Text.Json;

namespace EdgeRouter.Emulators.FunctionsHost;

/// <summary>Runs a built app as a process of its own, started as the real host starts workers.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);
    private readonly Process process;
    private readonly EmulatedHost host;

    private WorkerProcess(Process process, EmulatedHost host, Task ended)
    {
        this.process = process;
        this.host = host;
        Exit = ExitAsync(ended);
    }

    /// <summary>Id of the process.</summary>
    public int Id => process.Id;

    /// <summary>Completes when the process has ended.</summary>
    public Task<int> Exit { get; }

    /// <summary>Starts the app that its folder's worker.config.json names. Its settings are its environment, beside this process's own.</summary>
    /// <param name="host">The host that it dials.</param>
    /// <param name="options">What the host was started with.</param>
    /// <param name="onOutput">Takes each line that the app writes to its console.</param>
    public static WorkerProcess Start(EmulatedHost host, HostOptions options, Action<string> onOutput)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(options.AppDirectory, "worker.config.json")));
        var description = config.RootElement.GetProperty("description");
        var start = new ProcessStartInfo(description.GetProperty("defaultExecutablePath").GetString()!)
        {
            WorkingDirectory = options.AppDirectory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(options.AppDirectory, description.GetProperty("defaultWorkerPath").GetString()!));
        Add(start, "--functions-uri", host.WorkerEndpoint.AbsoluteUri);
        Add(start, "--functions-worker-id", Guid.NewGuid().ToString());
        Add(start, "--functions-request-id", Guid.NewGuid().ToString());
        Add(start, "--functions-grpc-max-message-length", int.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture));
        foreach (var (name, value) in options.Settings) start.Environment[name] = value;
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = options.AppDirectory;
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        var started = new Process { StartInfo = start, EnableRaisingEvents = true };
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        started.Exited += (_, _) => ended.TrySetResult();
        started.OutputDataReceived += (_, line) => { if (line.Data is not null) onOutput(line.Data); };
        started.ErrorDataReceived += (_, line) => { if (line.Data is not null) onOutput(line.Data); };
        started.Start();
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        return new WorkerProcess(started, host, ended.Task);
    }

    /// <summary>Ends the process at once, as when an instance crashes.</summary>
    public void Kill() => process.Kill(entireProcessTree: true);

    /// <summary>Asks the app to end, waits, and ends it if it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        host.TerminateWorker(Grace);
        if (await Task.WhenAny(Exit, Task.Delay(Grace)) != Exit)
        {
            Kill();
            await Exit.WaitAsync(Grace);
        }
        process.Dispose();
    }

    private async Task<int> ExitAsync(Task ended)
    {
        await ended;
        // A process that it started may hold the pipes open after its end.
        using var limit = new CancellationTokenSource(LastWords);
        await process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return process.ExitCode;
    }

    private static void Add(ProcessStartInfo start, string name, string value)
    {
        start.ArgumentList.Add(name);
        start.ArgumentList.Add(value);
    }
}
