using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace EdgeRouter.ClientTests;

/// <summary>Runs a script of <c>clients/</c>, whose checks are tests of <c>node:test</c>, and fails with their report when one of them fails.</summary>
internal static partial class NodeScript
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <param name="setup">The router to call.</param>
    /// <param name="script">Path below <c>clients/</c>.</param>
    /// <param name="dialect">The upstream dialect whose models to ask.</param>
    public static Task PassesAsync(RouterAndProviders setup, string script, string dialect) => PassesAsync(script, new Dictionary<string, string>
    {
        ["ROUTER_URL"] = setup.Router.GetLeftPart(UriPartial.Authority),
        ["PROVIDERS_URL"] = setup.Providers.GetLeftPart(UriPartial.Authority),
        ["INFERENCE_KEY"] = RouterAndProviders.InferenceKey,
        ["MANAGEMENT_KEY"] = RouterAndProviders.ManagementKey,
        ["DIALECT"] = dialect,
    });

    /// <param name="script">Path below <c>clients/</c>.</param>
    /// <param name="environment">What the script reads from its environment.</param>
    public static async Task PassesAsync(string script, Dictionary<string, string> environment)
    {
        var folder = FindFolder();
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")),
            $"The npm packages of the client tests are missing: run 'npm ci --ignore-scripts' in {folder} (scripts/test.sh does it).");
        var (exitCode, report) = await RunAsync(folder, script, environment);
        // A script whose checks did not run has not passed, whatever its exit code.
        Assert.True(exitCode == 0 && PassedSome().IsMatch(report) && FailedNone().IsMatch(report),
            $"node {script} ({environment.GetValueOrDefault("DIALECT")}) ended with {exitCode}:\n{report}");
    }

    private static async Task<(int ExitCode, string Report)> RunAsync(string folder, string script, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("node", ["--test-reporter=tap", script])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        // What the developer's shell has set for the real providers must not leak in.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OPENAI_", StringComparison.Ordinal)
            || name.StartsWith("ANTHROPIC_", StringComparison.Ordinal) || name.StartsWith("OPENROUTER_", StringComparison.Ordinal)
            || name.StartsWith("GOOGLE_", StringComparison.Ordinal) || name.StartsWith("GEMINI_", StringComparison.Ordinal)
            || name.StartsWith("AWS_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Start(start);
        using var deadline = new CancellationTokenSource(Longest);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            return (-1, $"not finished within {Longest.TotalMinutes} min\n{await output}{await errors}");
        }
        return (process.ExitCode, await output + await errors);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException("The client tests need Node.js: 'node' is not on the PATH.", missing);
        }
    }

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "EdgeRouter.sln")))
                return Path.Combine(folder.FullName, "tests", "EdgeRouter.ClientTests", "clients");
        throw new InvalidOperationException($"No EdgeRouter.sln above {AppContext.BaseDirectory}.");
    }

    [GeneratedRegex("^# pass [1-9]", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PassedSome();

    [GeneratedRegex("^# fail 0$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FailedNone();
}
