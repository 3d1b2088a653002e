using System.Diagnostics;
using EdgeRouter.Core.Storage;
using Xunit;

namespace EdgeRouter.Core.Tests.Storage;

public sealed class KilledProcessTests
{
    private const int Rounds = 20;

    [Fact]
    public async Task Every_acknowledged_commit_survives_kill_9_at_a_random_moment()
    {
        using var folder = new JournalFolder();
        var random = new Random(9);
        var acknowledged = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            acknowledged.AddRange(await RunAndKillAsync(folder.Path, $"round{round}", writers: random.Next(1, 9), killAfter: random.Next(1, 600)));
            await using var store = folder.Open();
            Assert.Empty(store.Recovery.Lost);
            foreach (var row in acknowledged)
            {
                var writer = $"writer{row.Split('-')[1]}";
                Assert.NotNull(await store.GetAsync("acknowledged", writer, row));
                Assert.NotNull(await store.GetAsync("acknowledged", writer, row + "-twin"));
            }
            await AssertCommitsAreWholeAsync(store, $"round{round}");
        }
    }

    /// <summary>The rows that the process acknowledged before it died. It is killed after a number of lines, that is, while it is writing further ones.</summary>
    private static async Task<List<string>> RunAndKillAsync(string folder, string round, int writers, int killAfter)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "EdgeRouter.JournalWriter.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, folder, round, $"{writers}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var rows = new List<string>();
        // What was printed before the kill is still in the pipe and is read to its end; a last line without its end was not fully printed.
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            rows.Add(line);
            if (rows.Count == killAfter) process.Kill();
        }
        await process.WaitForExitAsync();
        Assert.True(rows.Count >= killAfter, $"The writer ended by itself: {await errors}");
        if (!IsWholeLine(rows[^1])) rows.RemoveAt(rows.Count - 1);
        return rows;
    }

    private static bool IsWholeLine(string line) => line.Split('-').Length == 3 && line.Split('-')[2].Length > 0;

    private static async Task AssertCommitsAreWholeAsync(EmbeddedTableStore store, string round)
    {
        for (var writer = 0; writer < 8; writer++)
        {
            var latest = await store.GetAsync("acknowledged", $"writer{writer}", $"{round}-latest");
            if (latest is null) continue;
            var number = (int)latest.Properties["Number"];
            Assert.NotNull(await store.GetAsync("acknowledged", $"writer{writer}", $"{round}-{writer}-{number}"));
            Assert.NotNull(await store.GetAsync("acknowledged", $"writer{writer}", $"{round}-{writer}-{number}-twin"));
            Assert.Null(await store.GetAsync("acknowledged", $"writer{writer}", $"{round}-{writer}-{number + 1}"));
        }
    }
}
