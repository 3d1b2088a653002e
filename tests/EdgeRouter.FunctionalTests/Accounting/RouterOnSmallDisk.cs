using System.Diagnostics;
using System.Net;
using System.Text;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.FunctionalTests.Accounting;

/// <summary>
/// The router as an operator starts it, in a process of its own, whose store lies on a real file system of a few megabytes. That is mounted in a mount
/// namespace of the process and is gone with it. Linux only; where a user may not mount, the test is skipped.
/// </summary>
internal sealed class RouterOnSmallDisk : IAsyncDisposable
{
    private const string Listening = "listening on ";
    private readonly Process process;
    private readonly Task<string> errors;
    private readonly Task draining;
    private readonly HttpClient client;
    private readonly string folder;

    private RouterOnSmallDisk(Process process, string folder, Uri address, Task<string> errors)
    {
        this.process = process;
        this.folder = folder;
        this.errors = errors;
        draining = process.StandardOutput.ReadToEndAsync();
        client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", RouterUnderTest.InferenceKey);
    }

    /// <summary>Folder of the file system, as this process sees it.</summary>
    private string Disk => $"/proc/{process.Id}/root{folder}";

    /// <summary>Starts a router on a tmpfs, or on an ext4 image when <paramref name="image"/> says where that is.</summary>
    public static async Task<RouterOnSmallDisk> StartAsync(TemporaryFolder temporary, string? image = null)
    {
        var mounted = temporary.Path + "/disk";
        Directory.CreateDirectory(mounted);
        var started = Launch(mounted, image is null ? "mount -t tmpfs -o size=24m tmpfs \"$0\"" : $"mount -o loop '{image}' \"$0\"", isRoot: image is not null);
        var said = started.StandardError.ReadToEndAsync();
        while (await started.StandardOutput.ReadLineAsync() is { } line)
            if (line.StartsWith(Listening, StringComparison.Ordinal)) return new RouterOnSmallDisk(started, mounted, new Uri(line[Listening.Length..]), said);
        throw new InvalidOperationException($"The router did not start: {await said}");
    }

    /// <summary>What the router says that is started on a disk that cannot be written, and its exit code.</summary>
    public static async Task<(int ExitCode, string Errors)> StartReadOnlyAsync(TemporaryFolder temporary)
    {
        var mounted = temporary.Path + "/disk";
        Directory.CreateDirectory(mounted);
        using var started = Launch(mounted, "mount -t tmpfs -o size=24m,ro tmpfs \"$0\"", isRoot: false);
        var said = started.StandardError.ReadToEndAsync();
        await started.StandardOutput.ReadToEndAsync();
        await started.WaitForExitAsync();
        return (started.ExitCode, await said);
    }

    /// <summary>Skips the test where this user may not mount.</summary>
    public static async Task SkipUnlessMountableAsync(TemporaryFolder temporary, bool withLoop)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Mount namespaces are Linux's.");
        if (!withLoop)
        {
            if (await RunAsync("unshare", "-Urm", "mount", "-t", "tmpfs", "tmpfs", temporary.Path) != 0) Assert.Skip("This user may not mount a tmpfs.");
            return;
        }
        if (!Environment.IsPrivilegedProcess) Assert.Skip("Only root may mount an image.");
        var image = temporary.Path + "/try.ext4";
        if (await RunAsync("truncate", "-s", "8M", image) != 0 || await RunAsync("mkfs.ext4", "-q", image) != 0
            || await RunAsync("unshare", "-m", "mount", "-o", "loop", image, temporary.Path) != 0)
            Assert.Skip("No loop device can be mounted here.");
    }

    public static async Task<int> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var run = Process.Start(new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            await Task.WhenAll(run.StandardError.ReadToEndAsync(), run.StandardOutput.ReadToEndAsync());
            await run.WaitForExitAsync();
            return run.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return -1;
        }
    }

    /// <summary>Takes all room that is left, to the last block.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Disk + "/filler", FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in (int[])[1024 * 1024, 4096])
        {
            var block = new byte[size];
            try
            {
                while (true) filler.Write(block);
            }
            catch (IOException)
            {
                // Full, for blocks of this size.
            }
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Empty() => File.Delete(Disk + "/filler");

    /// <summary>The file system finds a fault in itself and turns read-only under the open files.</summary>
    public async Task TurnReadOnlyAsync() =>
        Assert.Equal(0, await RunAsync("nsenter", "-t", $"{process.Id}", "-m", "mount", "-o", "remount,abort", folder));

    public async Task<(HttpStatusCode Status, string GenerationId, string Body)> ChatAsync(bool stream)
    {
        using var answer = await client.PostAsync(TestEnvironment.ChatPath, new StringContent(
            $"{{\"model\":\"scripted/echo\",\"stream\":{(stream ? "true" : "false")},{TestEnvironment.Messages}}}", Encoding.UTF8, "application/json"));
        return (answer.StatusCode, answer.Headers.GetValues("X-Generation-Id").Single(), await answer.Content.ReadAsStringAsync());
    }

    public async Task<int> StatusAsync(string path)
    {
        using var answer = await client.GetAsync(path);
        return (int)answer.StatusCode;
    }

    /// <summary>Waits until a path answers with a status.</summary>
    public async Task UntilAsync(string path, int status) => await Eventually.NotNullAsync(
        async () => await StatusAsync(path) == status ? "" : null, $"{path} to answer {status}");

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        await Task.WhenAll(errors, draining);
        process.Dispose();
    }

    private static Process Launch(string mounted, string mount, bool isRoot)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "EdgeRouter.Local.dll");
        var start = new ProcessStartInfo("unshare", [isRoot ? "-m" : "-Urm", "sh", "-c", mount + " && exec dotnet \"$1\" --port 0", mounted, program])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["EdgeRouter__Storage"] = $"file:{mounted}/store",
                ["EdgeRouter__Keys__Inference"] = RouterUnderTest.InferenceKey,
                ["EdgeRouter__Keys__Management"] = RouterUnderTest.ManagementKey,
            },
        };
        return Process.Start(start)!;
    }
}
