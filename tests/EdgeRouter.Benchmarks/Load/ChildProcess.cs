using System.Diagnostics;
using System.Globalization;

namespace EdgeRouter.Benchmarks.Load;

/// <summary>A process of the benchmark's own: upstream, caller or router, so that each is measured alone. Killed on disposal.</summary>
internal sealed class ChildProcess : IDisposable
{
    public const string UpstreamRole = "role-upstream";
    public const string CallerRole = "role-caller";
    public const string BusRole = "role-bus";
    public const string HostRole = "role-functions-host";

    /// <summary>A child prints this and its address when it can be used.</summary>
    public const string Listening = "listening on ";

    /// <summary>Before that, a child prints this and the id of a process of its own that is the one to measure.</summary>
    public const string Worker = "worker ";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private readonly Process process;
    private Process measured;

    private ChildProcess(Process process) => this.process = measured = process;

    public Uri Address { get; private set; } = null!;

    /// <summary>Id of the process that is measured.</summary>
    public int ProcessId => measured.Id;

    /// <summary>When it was started; local time.</summary>
    public DateTime Started => measured.StartTime;

    /// <summary>Resident memory in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            measured.Refresh();
            return measured.WorkingSet64;
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

    public static Task<ChildProcess> StartUpstreamAsync() => StartRoleAsync(UpstreamRole, [], []);

    /// <summary>Starts this program in another role.</summary>
    public static Task<ChildProcess> StartRoleAsync(string role, string[] arguments, (string Name, string Value)[] environment) =>
        StartAsync(Environment.ProcessPath!, [role, .. arguments], environment);

    public static Task<ChildProcess> StartRouterAsync(params (string Name, string Value)[] environment) =>
        StartAsync(Path.Combine(AppContext.BaseDirectory, "EdgeRouter.Local"), ["--port", "0"], environment);

    public static async Task<string> RunCallerAsync(Uri address, RequestKind kind, int requests)
    {
        using var caller = Start(Environment.ProcessPath!,
            [CallerRole, address.AbsoluteUri, kind.ToString(), requests.ToString(CultureInfo.InvariantCulture)], []);
        var output = await caller.StandardOutput.ReadToEndAsync();
        await caller.WaitForExitAsync();
        return caller.ExitCode == 0 ? output : throw new InvalidOperationException($"The caller failed: {output}");
    }

    /// <summary>Closes its standard input, at which a role ends, and waits; then disposes it.</summary>
    public async Task EndAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Grace);
        Dispose();
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    private static async Task<ChildProcess> StartAsync(string file, string[] arguments, (string Name, string Value)[] environment)
    {
        var child = new ChildProcess(Start(file, arguments, environment));
        while (await child.process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Worker, StringComparison.Ordinal))
                child.measured = Process.GetProcessById(int.Parse(line[Worker.Length..], CultureInfo.InvariantCulture));
            if (!line.StartsWith(Listening, StringComparison.Ordinal)) continue;
            child.Address = new Uri(line[Listening.Length..]);
            _ = child.process.StandardOutput.ReadToEndAsync();
            return child;
        }
        throw new InvalidOperationException($"{file} ended before it listened.");
    }

    private static Process Start(string file, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
