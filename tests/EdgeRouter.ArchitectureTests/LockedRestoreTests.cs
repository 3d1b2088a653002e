using System.Diagnostics;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.ArchitectureTests;

/// <summary>What a restore does with the lock files: by the SDK itself, on a copy of one project.</summary>
public sealed class LockedRestoreTests : IDisposable
{
    private static readonly string[] RootFiles = ["Directory.Build.props", "Directory.Packages.props", "nuget.config", "global.json"];
    private readonly TemporaryFolder folder = new();

    public LockedRestoreTests()
    {
        foreach (var file in RootFiles) File.Copy(RepositoryRoot.Of(file), Path.Combine(folder.Path, file));
        Directory.CreateDirectory(Path.Combine(folder.Path, "EdgeRouter.Core"));
        foreach (var file in (string[])["EdgeRouter.Core.csproj", "packages.lock.json"])
            File.Copy(RepositoryRoot.Of("src", "EdgeRouter.Core", file), Path.Combine(folder.Path, "EdgeRouter.Core", file));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void In_CI_another_version_than_the_locked_one_is_refused_by_the_name_of_the_package()
    {
        var packages = Path.Combine(folder.Path, "Directory.Packages.props");
        var text = File.ReadAllText(packages);
        var changed = text.Replace("Include=\"Meziantou.Analyzer\" Version=\"3", "Include=\"Meziantou.Analyzer\" Version=\"2", StringComparison.Ordinal);
        Assert.NotEqual(text, changed);
        File.WriteAllText(packages, changed);

        var (code, output) = Run("restore EdgeRouter.Core -nologo", ci: true);

        Assert.NotEqual(0, code);
        Assert.Contains("error NU1004: The package reference Meziantou.Analyzer version has changed", output, StringComparison.Ordinal);
    }

    [Fact]
    public void In_CI_another_content_than_the_locked_one_is_refused_by_the_name_of_the_package()
    {
        var locked = Path.Combine(folder.Path, "EdgeRouter.Core", "packages.lock.json");
        var text = File.ReadAllText(locked);
        var hash = text.Split("\"contentHash\": \"")[1].Split('"')[0];
        File.WriteAllText(locked, text.Replace(hash, new string('A', 86) + "==", StringComparison.Ordinal));

        var (code, output) = Run("restore EdgeRouter.Core -nologo", ci: true);

        Assert.NotEqual(0, code);
        Assert.Contains("error NU1403: Package content hash validation failed for Meziantou.Analyzer", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EdgeRouter.Core", true, false, "true true")]
    [InlineData("EdgeRouter.Core", true, true, "true true")]
    [InlineData("EdgeRouter.Core", false, false, "true ")]
    [InlineData("EdgeRouter.Functions", true, false, "true true")]
    [InlineData("EdgeRouter.Functions", true, true, " ")]
    public void Lock_files_are_used_and_binding_in_CI_but_not_for_what_takes_the_real_triggers(string project, bool ci, bool realTriggers, string expected)
    {
        const string Properties = "RestorePackagesWithLockFile,RestoreLockedMode,NuGetLockFilePath";
        var (code, output) = Run($"msbuild \"{RepositoryRoot.Of("src", project)}\" -getProperty:{Properties}", ci, realTriggers);

        Assert.Equal(0, code);
        using var values = System.Text.Json.JsonDocument.Parse(output);
        string Value(string name) => values.RootElement.GetProperty("Properties").GetProperty(name).GetString()!;
        Assert.Equal(expected, $"{Value("RestorePackagesWithLockFile")} {Value("RestoreLockedMode")}");
        // NuGet uses a lock file that is there, whatever the properties say.
        Assert.Equal(expected == " ", Value("NuGetLockFilePath") is { Length: > 0 } path && !File.Exists(path));
    }

    private (int Code, string Output) Run(string arguments, bool ci, bool realTriggers = false)
    {
        var start = new ProcessStartInfo("dotnet", arguments + " -nodeReuse:false")
        {
            WorkingDirectory = folder.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment["CI"] = ci ? "true" : "";
        start.Environment["UseRealTriggers"] = realTriggers ? "true" : "";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
