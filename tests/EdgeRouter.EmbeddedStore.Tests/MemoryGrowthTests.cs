using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace EdgeRouter.EmbeddedStore.Tests;

/// <summary>The store in a process of its own, whose resident memory is looked at.</summary>
public sealed class MemoryGrowthTests
{
    private const long MegaByte = 1024 * 1024;

    [Fact]
    public async Task A_million_generation_records_take_less_than_20_megabytes_of_memory()
    {
        using var folder = new StoreFolder();
        var filled = await RunAsync("fill", folder.Path, "1000000");
        Assert.InRange(filled["resident after"] - filled["resident before"], long.MinValue, 20 * MegaByte);
        Assert.True(new FileInfo(folder.File).Length > 500 * MegaByte);
    }

    private static async Task<Dictionary<string, long>> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "EdgeRouter.StoreProcess.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output.Split('\n').Where(line => line.StartsWith("resident", StringComparison.Ordinal))
            .ToDictionary(line => line[..line.LastIndexOf(' ')], line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }
}
