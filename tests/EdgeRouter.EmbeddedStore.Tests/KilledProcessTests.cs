using System.Diagnostics;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using Xunit;

namespace EdgeRouter.EmbeddedStore.Tests;

public sealed class KilledProcessTests
{
    private const int Rounds = 20;

    [Fact]
    public async Task Every_acknowledged_commit_survives_kill_9_at_a_random_moment()
    {
        using var folder = new StoreFolder();
        var random = new Random(9);
        var acknowledged = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            acknowledged.AddRange(await RunAndKillAsync(random.Next(1, 600), IsRow, "commits", folder.Path, $"{random.Next(1, 9)}", $"round{round}"));
            await using var store = folder.Open();
            foreach (var row in acknowledged)
            {
                var writer = $"writer{row.Split('-')[1]}";
                Assert.NotNull(await store.GetAsync("acknowledged", writer, row));
                Assert.NotNull(await store.GetAsync("acknowledged", writer, row + "-twin"));
            }
            await AssertCommitsAreWholeAsync(store, $"round{round}");
        }
    }

    [Fact]
    public async Task Every_accepted_record_survives_kill_9_at_a_random_moment_and_is_counted_once()
    {
        using var folder = new StoreFolder();
        var random = new Random(10);
        var accepted = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            accepted.AddRange(await RunAndKillAsync(random.Next(1, 600), line => GenerationId.TryParse(line, out _, out _), "usage", folder.Path,
                $"{random.Next(1, 9)}"));
            await using var store = folder.Open();
            await using var queue = InProcessUsageQueue.Start(store, store.Inbox, TimeProvider.System);
            await queue.FlushAsync();
            var generations = new GenerationStore(store, queue);
            foreach (var id in accepted) Assert.NotNull(await generations.FindAsync(id));
            // There may be more than were acknowledged: some that were being accepted when the process died.
            Assert.Equal(await CountRecordsAsync(store), (await new UsageTotals(store, TimeProvider.System, queue).ReadAllKeysAsync()).AllTime.Requests);
        }
    }

    private static async Task<long> CountRecordsAsync(EmbeddedTableStore store)
    {
        long count = 0;
        foreach (var partition in UsageLayout.Partitions)
        {
            string? continuation = null;
            do
            {
                var page = await store.QueryAsync(UsageLayout.Table, partition, new RowRange("gen-", "gen."), continuation: continuation);
                count += page.Rows.Count;
                continuation = page.Continuation;
            }
            while (continuation is not null);
        }
        return count;
    }

    /// <summary>What the process acknowledged before it died. It is killed after a number of lines, that is, while it is writing further ones.</summary>
    private static async Task<List<string>> RunAndKillAsync(int killAfter, Func<string, bool> isWhole, params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "EdgeRouter.StoreProcess.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = new List<string>();
        // What was printed before the kill is still in the pipe and is read to its end; a last line without its end was not fully printed.
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (lines.Count == killAfter) process.Kill();
        }
        await process.WaitForExitAsync();
        Assert.True(lines.Count >= killAfter, $"The writer ended by itself: {await errors}");
        if (!isWhole(lines[^1])) lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    private static bool IsRow(string line) => line.Split('-').Length == 3 && line.Split('-')[2].Length > 0;

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
