using System.Diagnostics;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.TestSupport.Storage;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EdgeRouter.Local.Tests;

public sealed class LocalStoreTests
{
    [Theory]
    [InlineData("Storage", "tables:UseDevelopmentStorage=true")]
    [InlineData("Storage", "file:")]
    [InlineData("Storage", "disk")]
    [InlineData("UsageQueue", "servicebus:x")]
    public void Store_that_this_host_has_not_is_refused_by_the_name_of_the_setting(string path, string value)
    {
        var settings = RouterSettings.Read(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("EdgeRouter:" + path, (string?)value)])
            .Build());

        Assert.Contains("EdgeRouter__" + path, Assert.Throws<SettingsException>(() => LocalStore.Open(settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_refused_ends_the_process_with_one_line_that_says_what_to_do()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "journal"), "EdgeRtJ1");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "EdgeRouter.Local.dll"), "--port", "0"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { ["EdgeRouter__Storage"] = "file:" + folder.Path },
        })!;

        var told = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(2, process.ExitCode);
        Assert.Contains(folder.Path, Assert.Single(told.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Contains("To start with an empty store", told, StringComparison.Ordinal);
    }
}
