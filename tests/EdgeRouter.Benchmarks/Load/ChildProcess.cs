using System.Diagnostics;

namespace EdgeRouter.Benchmarks.Load;

/// <summary>A process of the benchmark's own: upstream, caller or router, so that each is measured alone. Killed on disposal.</summary>
internal sealed class ChildProcess : IDisposable
{
    public const string UpstreamRole = "role-upstream";
    public const string CallerRole = "role-caller";
    private readonly Process process;

    private ChildProcess(Process process) => this.process = process;

    public Uri Address { get; private set; } = null!;

    /// <summary>Resident memory in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>
    /// Resident memory in bytes once it has not changed by more than 256 KB for a second: what the compiler does in the background after a warm-up
    /// belongs to the warm-up.
    /// </summary>
    public async Task<long> SettledWorkingSetAsync()
    {
        const int Longest = 40;
        const int Calm = 4;
        const long Noise = 256 * 1024;
        var last = WorkingSet;
        for (int sample = 0, calm = 0; sample < Longest && calm < Calm; sample++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250));
            var now = WorkingSet;
            calm = Math.Abs(now - last) <= Noise ? calm + 1 : 0;
            last = now;
        }
        return last;
    }

    public static Task<ChildProcess> StartUpstreamAsync() => StartAsync(Environment.ProcessPath!, [UpstreamRole], []);

    public static Task<ChildProcess> StartRouterAsync(params (string Name, string Value)[] environment) =>
        StartAsync(Path.Combine(AppContext.BaseDirectory, "EdgeRouter.Local"), ["--port", "0"], environment);

    public static async Task<string> RunCallerAsync(Uri address, int requests)
    {
        using var caller = Start(Environment.ProcessPath!,
            [CallerRole, address.AbsoluteUri, requests.ToString(System.Globalization.CultureInfo.InvariantCulture)], []);
        var output = await caller.StandardOutput.ReadToEndAsync();
        await caller.WaitForExitAsync();
        return caller.ExitCode == 0 ? output : throw new InvalidOperationException($"The caller failed: {output}");
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    private static async Task<ChildProcess> StartAsync(string file, string[] arguments, (string Name, string Value)[] environment)
    {
        const string Listening = "listening on ";
        var child = new ChildProcess(Start(file, arguments, environment));
        while (await child.process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith(Listening, StringComparison.Ordinal)) continue;
            child.Address = new Uri(line[Listening.Length..]);
            _ = child.process.StandardOutput.ReadToEndAsync();
            return child;
        }
        throw new InvalidOperationException($"{file} ended before it listened.");
    }

    private static Process Start(string file, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
