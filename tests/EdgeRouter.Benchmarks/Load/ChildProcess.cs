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

    public static Task<ChildProcess> StartUpstreamAsync() => StartAsync(Environment.ProcessPath!, [UpstreamRole], []);

    public static Task<ChildProcess> StartRouterAsync(params (string Name, string Value)[] environment) =>
        StartAsync(Path.Combine(AppContext.BaseDirectory, "EdgeRouter.Local"), ["--port", "0"], environment);

    public static async Task<string> RunCallerAsync(Uri address, int requests)
    {
        using var caller = Start(Environment.ProcessPath!, [CallerRole, address.AbsoluteUri, requests.ToString(System.Globalization.CultureInfo.InvariantCulture)], []);
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
