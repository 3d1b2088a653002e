using System.Diagnostics;
using System.Text;

namespace EdgeRouter.TestSupport.Emulator;

/// <summary>A node script of the folder <c>azurite</c> of the adapters' tests. It is killed when disposed.</summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly string Folder = FindFolder();
    private readonly Process process;
    private readonly StringBuilder errors = new();
    private int disposed;

    public NodeProcess(string script, params IEnumerable<string> arguments)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
            throw new InvalidOperationException("The npm packages are missing: run 'npm ci --ignore-scripts' in tests/EdgeRouter.AzureAdapters.Tests/azurite.");
        process = new Process
        {
            StartInfo = new ProcessStartInfo("node", [script, .. arguments])
            {
                WorkingDirectory = Folder,
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.Start();
        process.BeginErrorReadLine();
    }

    public StreamWriter Input => process.StandardInput;

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>What is left of its output, once it has ended well.</summary>
    public async Task<string> FinishAsync()
    {
        var output = await process.StandardOutput.ReadToEndAsync().InTimeAsync("the end of what node says", Limit);
        await process.WaitForExitAsync().InTimeAsync("the end of node", Limit);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"node ended with {process.ExitCode}: {errors}");
    }

    /// <summary>Reads lines up to one that begins with these words, and returns what follows them there.</summary>
    public async Task<string> WaitForLineAsync(string words)
    {
        try
        {
            var line = await process.StandardOutput.ReadToLineAsync(line => line.StartsWith(words, StringComparison.Ordinal), $"'{words}' from node", Limit);
            return line[words.Length..];
        }
        catch (EndOfStreamException error)
        {
            await process.WaitForExitAsync().InTimeAsync("the end of node");
            throw new InvalidOperationException($"node ended with {process.ExitCode}. {error.Message} Its errors: {errors}", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync().InTimeAsync("the end of node");
        process.Dispose();
    }

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var scripts = Path.Combine(folder.FullName, "tests", "EdgeRouter.AzureAdapters.Tests", "azurite");
            if (Directory.Exists(scripts)) return scripts;
        }
        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside of the repository.");
    }
}
