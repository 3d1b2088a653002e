using System.IO.Compression;
using EdgeRouter.Core.Exports;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using Xunit;

namespace EdgeRouter.Core.Tests.Exports;

/// <summary>Exports that are damaged, or that the router did not write, are refused before a row is written.</summary>
public sealed class ForeignExportTests : MoneyRestoreFixture
{
    [Theory]
    [InlineData("cut")]
    [InlineData("gone")]
    [InlineData("changed")]
    public async Task Damaged_export_is_refused_before_anything_is_written(string damage)
    {
        await new Bookkeeping(Lost, Time).WorkAsync(days: 2);
        await ExportAsync();
        var file = Directory.GetFiles(Path.Combine(Folder, "2026-10-30"), "totals-*").Order(StringComparer.Ordinal).First();
        if (damage == "gone") File.Delete(file);
        else if (damage == "cut") await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..100]);
        else File.Copy(Directory.GetFiles(Path.Combine(Folder, "2026-10-30"), "ledger-*").Single(), file, overwrite: true);

        Assert.True(await Record.ExceptionAsync(() => RestoreAsync()) is InvalidDataException or IOException);

        foreach (var partition in UsageLayout.Partitions) Assert.Empty((await Restored.QueryAsync(UsageLayout.Table, partition, RowRange.All)).Rows);
    }

    [Theory]
    [InlineData("records-*", "inference")]
    [InlineData("audit-*", "operator")]
    public async Task File_that_was_changed_but_for_its_rows_and_sums_is_refused(string files, string text)
    {
        await new Bookkeeping(Lost, Time).WorkAsync(days: 2);
        await ExportAsync();
        var changed = 0;
        foreach (var file in Directory.GetFiles(Path.Combine(Folder, "2026-10-30"), files))
        {
            var lines = await UnzipAsync(file);
            if (!lines.Contains(text, StringComparison.Ordinal)) continue;
            await ZipAsync(file, lines.Replace(text, "somebody else", StringComparison.Ordinal));
            changed++;
        }
        Assert.True(changed > 0);

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync());

        Assert.Contains("its SHA-256 is not that of the manifest", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ledger", "budgets", "account:*", "window:ever", "Spent")]
    [InlineData("ledger", "budgets", "account:*", "window:ever", "Leased")]
    [InlineData("totals-05", "generations", "05", "usage:*:d20261029", "Requests")]
    [InlineData("totals-05", "generations", "05", "usage:", "Nothing")]
    [InlineData("records-05", "generations", "05", "adjusted:20261029:a", "Amount")]
    public async Task Row_of_which_a_number_is_missing_or_is_none_is_refused_in_a_line(string part, string table, string partition, string row, string name)
    {
        await new Bookkeeping(Lost, Time).WorkAsync(days: 1);
        await ExportAsync();
        foreach (var instead in (object?[])[null, "5 dollars", 5])
        {
            var values = new Dictionary<string, object>();
            foreach (var number in (string[])["Spent", "Leased", "Requests", "Cost", "PromptTokens", "CompletionTokens", "ReasoningTokens", "Amount"])
                values[number] = 1L;
            if (instead is null) values.Remove(name);
            else values[name] = instead;
            await ForgeAsync(part, new ExportedRow(table, partition, row, values));

            var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync());

            Assert.Contains("a row that the router did not write", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Folder_without_a_complete_export_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "2026-10-30"));

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync());

        Assert.Contains("no complete export", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_in_a_manifest_that_leads_out_of_the_folder_is_refused()
    {
        await new Bookkeeping(Lost, Time).WorkAsync(days: 1);
        await ExportAsync();
        var manifest = Path.Combine(Folder, "2026-10-29", "manifest.json");
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest)).Replace("\"ledger\"", "\"../../ledger\"", StringComparison.Ordinal));

        Assert.True(await Record.ExceptionAsync(() => RestoreAsync()) is InvalidDataException or IOException);
        foreach (var name in (string[])["2026-10-29/../../secret.gz", "2026-10-29/..", "../2026-10-29/manifest.json", "/etc/passwd", "2026-10-29\\x.gz", ""])
            Assert.Contains("not the name", Assert.Throws<IOException>(() => new ExportFolder(Folder).OpenRead(name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifest_that_was_there_before_the_export_is_reported_and_not_restored_until_an_operator_decides()
    {
        var before = new Bookkeeping(Lost, Time);
        await before.WorkAsync(days: 2);
        var day = new DateOnly(2026, 10, 30);
        var forged = Path.Combine(Folder, "2026-10-30", "manifest.json");
        await Files.TryWriteAsync("2026-10-30/manifest.json", "{}"u8.ToArray());
        var faults = new NotedFaults();

        await ExportAsync(faults);

        Assert.Equal((day, "manifest"), Assert.Single(faults.Noted));
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync());
        Assert.Contains("2026-10-30/manifest-", fault.Message, StringComparison.Ordinal);
        File.Delete(forged);
        await RestoreAsync();
        Assert.Equal(await before.ShownAsync(), await before.On(Restored).ShownAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(24)]
    public async Task Export_of_a_day_that_is_not_over_is_refused(int daysAhead)
    {
        await new Bookkeeping(Lost, Time).WorkAsync(days: 2);
        await ExportAsync();
        var day = ExportLayout.DayName(DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime).AddDays(daysAhead));
        await Files.TryWriteAsync(day + "/manifest.json", "{}"u8.ToArray());

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync());

        Assert.Contains(day + ", a day that is not over", fault.Message, StringComparison.Ordinal);
        await RestoreAsync(through: new DateOnly(2026, 10, 30));
    }

    [Theory]
    [InlineData("ledger", "catalogcopies", "key:inference")]
    [InlineData("ledger", "generations", "05")]
    [InlineData("records-05", "generations", "06")]
    [InlineData("audit", "budgets", "key:inference")]
    public async Task Row_of_a_table_or_partition_that_the_part_does_not_have_is_refused(string part, string table, string partition)
    {
        await new Bookkeeping(Lost, Time).WorkAsync(days: 1);
        await ExportAsync();
        await ForgeAsync(part, new ExportedRow(table, partition, "row", new Dictionary<string, object> { ["Amount"] = 1L }));

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync());

        Assert.Contains("another table or partition", fault.Message, StringComparison.Ordinal);
        Assert.Null(await Restored.GetAsync(table, partition, "row"));
    }

    /// <summary>What somebody may write who knows the format: another file for a part, and the manifest that fits it.</summary>
    private async Task ForgeAsync(string name, params ExportedRow[] rows)
    {
        var day = new DateOnly(2026, 10, 29);
        var attempt = Guid.NewGuid().ToString("N");
        using var writer = new ExportWriter(Files, number => ExportLayout.FileName(day, name, attempt, number));
        foreach (var row in rows) await writer.AddAsync(row, default);
        await writer.EndAsync(default);
        var parts = new ExportReader(Files).Parts(day)
            .Select(part => part.Name == name ? new ExportedPart(name, attempt, writer.Files, writer.Rows, default) : part);
        await File.WriteAllBytesAsync(Path.Combine(Folder, "2026-10-29", "manifest.json"), ExportManifest.Write(day, [.. parts]));
    }

    private static async Task<string> UnzipAsync(string file)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        return await lines.ReadToEndAsync();
    }

    private static async Task ZipAsync(string file, string lines)
    {
        await using var zip = new GZipStream(File.Create(file), CompressionLevel.Optimal);
        await zip.WriteAsync(System.Text.Encoding.UTF8.GetBytes(lines));
    }
}
