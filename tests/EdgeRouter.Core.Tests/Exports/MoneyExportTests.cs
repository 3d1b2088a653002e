using EdgeRouter.Core.Exports;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.Core.Tests.Exports;

/// <summary>What is exported, when, and by whom.</summary>
public sealed class MoneyExportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly VirtualTimeProvider time = new(new DateTimeOffset(2026, 11, 12, 8, 0, 0, TimeSpan.Zero));
    private readonly MemoryTableStore store = new();

    private ExportFolder Files => new(folder.Path);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Closed_days_of_the_last_week_are_exported_once_and_the_day_under_way_is_not()
    {
        await new Bookkeeping(store, time).WorkAsync(days: 10);

        var report = await Export().RunAsync();

        Assert.Equal((MoneyExport.Days, 0), (report.Days, report.Unfinished));
        Assert.Equal(Enumerable.Range(15, 7).Select(day => new DateOnly(2026, 11, day)), Files.Days());
        Assert.Equal(default, await Export().RunAsync());
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, (await Export().RunAsync()).Days);
        Assert.Equal(new DateOnly(2026, 11, 22), Files.Days()[^1]);
    }

    [Theory]
    [InlineData("2026-11-13T00:59:00Z", "2026-11-11")]
    [InlineData("2026-11-13T01:00:00Z", "2026-11-12")]
    public async Task Day_is_closed_an_hour_after_its_end(string now, string last)
    {
        time.Advance(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture) - time.GetUtcNow());

        await Export().RunAsync();

        Assert.Equal(last, ExportLayout.DayName(Files.Days()[^1]));
    }

    [Fact]
    public async Task What_callers_say_of_their_users_and_programs_is_not_exported()
    {
        await new Bookkeeping(store, time).WorkAsync(days: 1);
        await Export().RunAsync();

        var rows = 0;
        foreach (var part in new ExportReader(Files).Parts(new DateOnly(2026, 11, 12)))
        {
            await foreach (var row in new ExportReader(Files).RowsAsync(new DateOnly(2026, 11, 12), part, default))
            {
                rows++;
                Assert.DoesNotContain("Jane Doe", row.Properties.Values);
                Assert.DoesNotContain("AppTitle", row.Properties.Keys);
            }
        }
        Assert.True(rows > 12);
    }

    [Fact]
    public async Task Instances_that_export_at_once_write_each_part_once_and_complete_the_day_together()
    {
        await new Bookkeeping(store, time).WorkAsync(days: 2);

        var reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Export().RunAsync())));
        await Export().RunAsync();

        Assert.Equal(7, Files.Days().Count);
        var written = Directory.GetFiles(folder.Path, "*.gz", SearchOption.AllDirectories).Length;
        Assert.Equal(reports.Sum(report => report.Files), written);
        await AssertRestoresAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Export_that_is_interrupted_anywhere_is_continued_and_its_leftovers_do_not_count(int seed)
    {
        await new Bookkeeping(store, time, seed).WorkAsync(days: 3);
        var failing = new FailingFiles(Files, new Random(seed));
        var interruptions = 0;
        while (true)
        {
            try
            {
                if ((await new MoneyExport(store, failing, Bookkeeping.Limits, time).RunAsync()) is { Unfinished: 0 }) break;
            }
            catch (StorageUnavailableException)
            {
                interruptions++;
            }
            time.Advance(ExportProgress.ClaimLifetime);
            Assert.True(interruptions < 200);
        }

        Assert.True(interruptions > 3);
        await AssertRestoresAsync();
    }

    [Fact]
    public async Task Part_that_failed_is_free_for_the_run_an_hour_after_the_last_although_it_was_claimed_a_little_later()
    {
        await new Bookkeeping(store, time).WorkAsync(days: 1);
        // The process dies in the middle of its first file: nobody gives the claim back.
        var killed = new ExportProgress(store, time);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.NotNull(await killed.TryClaimAsync(new DateOnly(2026, 11, 12), DayRows.Ledger, "killed", default));
        Assert.Equal(1, (await Export().RunAsync()).Unfinished);

        time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(5));

        Assert.Equal((1, 0), await RunAsync());
    }

    [Fact]
    public async Task Part_whose_attempt_failed_is_free_at_once()
    {
        await new Bookkeeping(store, time).WorkAsync(days: 1);
        var broken = new FailingFiles(Files, new Random(0), failing: 1);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new MoneyExport(store, broken, Bookkeeping.Limits, time).RunAsync());

        Assert.Equal((MoneyExport.Days, 0), await RunAsync());
    }

    [Theory]
    [InlineData("generations", "05", "usage:*:d20261112", "totals-05")]
    [InlineData("budgets", "key:inference", "window:2026-11", "ledger")]
    public async Task Row_that_cannot_be_read_keeps_its_part_unfinished_and_no_other_part_or_day(string table, string partition, string row, string part)
    {
        await new Bookkeeping(store, time).WorkAsync(days: 2, recordsADay: 60);
        var good = (await store.GetAsync(table, partition, row))!;
        var edited = good.Properties.ToDictionary(property => property.Key, property => property.Value is long ? "5 dollars" : property.Value);
        await store.CommitAsync(table, partition, [TableChange.Upsert(row, edited)]);
        var faults = new NotedFaults();

        var report = await new MoneyExport(store, Files, Bookkeeping.Limits, time, faults).RunAsync();

        Assert.All(faults.Noted, fault => Assert.Equal(part, fault.Part));
        Assert.Equal(report.Unfinished, faults.Noted.Count);
        Assert.True(report.Unfinished > 0);
        for (var day = new DateOnly(2026, 11, 7); day <= new DateOnly(2026, 11, 13); day = day.AddDays(1))
        {
            var done = await new ExportProgress(store, time).ReadAsync(day, default);
            Assert.All(DayRows.Parts.Where(other => other != part), other => Assert.True(done.Has(other)));
        }
        await store.CommitAsync(table, partition, [TableChange.Upsert(row, good.Properties)]);
        Assert.Equal((report.Unfinished, 0), await RunAsync());
        await AssertRestoresAsync();
    }

    [Fact]
    public async Task Many_rows_become_many_files_of_bounded_size()
    {
        var sizes = new List<int>();
        var files = new CollectedFiles((_, content) => sizes.Add(content.Length));
        using var writer = new ExportWriter(files, number => ExportLayout.FileName(new DateOnly(2026, 11, 20), "records-00", "a", number));
        var random = new Random(1);
        var noise = new byte[60_000];

        for (var i = 0; i < 400; i++)
        {
            random.NextBytes(noise);
            await writer.AddAsync(new ExportedRow("generations", "00", $"gen-{i}", new Dictionary<string, object> { ["Data"] = noise }), default);
        }
        for (var i = 0; i < ExportWriter.MaxFileRows + 1; i++)
            await writer.AddAsync(new ExportedRow("generations", "00", $"gen-{i}", new Dictionary<string, object> { ["Cost"] = 1L }), default);
        await writer.EndAsync(default);

        Assert.Equal(sizes.Count, writer.Files.Count);
        Assert.InRange(sizes.Count, 4, 8);
        Assert.All(sizes, size => Assert.InRange(size, 1, ExportWriter.MaxFileBytes));
    }

    [Fact]
    public void Row_comes_back_as_it_was_whatever_its_values()
    {
        var row = new ExportedRow("generations", "05", "gen-1!:;", new Dictionary<string, object>
        {
            ["String"] = "quotes \" \\ \n and \u4E16\U0001F600 and \u2028",
            ["Int"] = int.MinValue,
            ["Long"] = long.MaxValue,
            ["Double"] = 0.1 + 0.2,
            ["NoNumber"] = double.NaN,
            ["Bool"] = true,
            ["Time"] = new DateTimeOffset(2026, 11, 20, 23, 59, 59, 999, TimeSpan.Zero).AddTicks(9999),
            ["Guid"] = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"),
            ["Bytes"] = new byte[] { 0, 255, 10, 13 },
        });
        using var bytes = new MemoryStream();
        using (var writer = new System.Text.Json.Utf8JsonWriter(bytes)) row.Write(writer);

        var line = System.Text.Encoding.UTF8.GetString(bytes.ToArray());
        var read = ExportedRow.Read(line);

        Assert.DoesNotContain('\n', line);
        Assert.Equal((row.Table, row.Partition, row.Row), (read.Table, read.Partition, read.Row));
        Assert.True(read.IsIn(new TableRow(row.Partition, row.Row, "1", row.Properties)));
        Assert.Equal(row.Properties, read.Properties);
    }

    private async Task<(int Days, int Unfinished)> RunAsync()
    {
        var report = await Export().RunAsync();
        return (report.Days, report.Unfinished);
    }

    private MoneyExport Export() => new(store, Files, Bookkeeping.Limits, time);

    private async Task AssertRestoresAsync()
    {
        var restored = new MemoryTableStore();
        await new MoneyRestore(restored, Files, new RestoreOptions(Apply: true, Overwrite: false, Through: null), time).RunAsync();
        foreach (var partition in UsageLayout.Partitions) Assert.Equal(await MoneyAsync(store, partition), await MoneyAsync(restored, partition));
    }

    /// <summary>Every row of a partition with its cost.</summary>
    private static async Task<string> MoneyAsync(MemoryTableStore tables, string partition)
    {
        var rows = await tables.QueryAsync(UsageLayout.Table, partition, RowRange.All);
        return string.Join('\n', rows.Rows.Select(row => $"{row.Row} {row.Properties.GetValueOrDefault("Cost")}"));
    }

    private sealed class FailingFiles(ExportFolder inner, Random random, int failing = 12) : IExportFiles
    {
        public async Task<bool> TryWriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
        {
            var fate = random.Next(failing);
            if (fate == 0) throw new StorageUnavailableException("The line is cut.");
            var written = await inner.TryWriteAsync(name, content, cancellationToken);
            return fate == 1 ? throw new StorageUnavailableException("The line is cut behind the file.") : written;
        }
    }

    private sealed class CollectedFiles(Action<string, ReadOnlyMemory<byte>> collect) : IExportFiles
    {
        public Task<bool> TryWriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
        {
            collect(name, content);
            return Task.FromResult(true);
        }
    }
}
