using EdgeRouter.Core.Storage;
using Xunit;

namespace EdgeRouter.Core.Tests.Storage;

public sealed class JournalCompactionTests : IDisposable
{
    private readonly JournalFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Overwriting_one_row_for_ever_keeps_the_journal_small()
    {
        await using (var store = folder.Open(maxJournalBytes: 2000))
        {
            for (var number = 0; number < 1000; number++) await JournalFolder.PutAsync(store, "row", number);
            Assert.Null(store.LastCompactionError);
        }
        Assert.InRange(new FileInfo(folder.Journal).Length, 1, 4000);
        await using var again = folder.Open();
        Assert.Equal(["row=999"], await JournalFolder.RowsAsync(again));
    }

    [Fact]
    public async Task Versions_go_on_after_the_row_with_the_highest_one_was_deleted_and_compacted_away()
    {
        string? last = null;
        await using (var store = folder.Open(maxJournalBytes: 1))
        {
            last = (await store.CommitAsync("things", "p", [TableChange.Insert("r", new Dictionary<string, object> { ["Value"] = 1 })])).ETags[0];
            await store.CommitAsync("things", "p", [TableChange.Delete("r")]);
        }
        await using var again = folder.Open();
        var made = await again.CommitAsync("things", "p", [TableChange.Insert("r", new Dictionary<string, object> { ["Value"] = 1 })]);
        Assert.NotEqual(last, made.ETags[0]);
    }

    [Fact]
    public async Task Large_stores_come_back_after_compaction_in_many_records()
    {
        var filler = new string('x', 20_000);
        await using (var store = folder.Open(maxJournalBytes: 500_000))
            for (var number = 0; number < 100; number++)
                await store.CommitAsync("things", $"p{number % 3}",
                    [TableChange.Insert($"row{number:D3}", new Dictionary<string, object> { ["Value"] = number, ["Filler"] = filler })]);
        await using var again = folder.Open();
        Assert.InRange(again.Recovery.Records, 2, 99);
        for (var number = 0; number < 100; number++)
            Assert.Equal(number, (await again.GetAsync("things", $"p{number % 3}", $"row{number:D3}"))!.Properties["Value"]);
    }

    [Fact]
    public async Task A_compacted_part_that_was_cut_is_damage_and_no_torn_end()
    {
        await folder.WriteAsync(10, maxJournalBytes: 1);
        var length = new FileInfo(folder.Journal).Length;
        folder.Truncate(length / 2);
        Assert.Throws<JournalCorruptException>(() => folder.Open());
    }

    [Fact]
    public async Task A_half_written_compaction_is_ignored_and_removed()
    {
        await folder.WriteAsync(2);
        File.WriteAllText(folder.Journal + ".new", "half");
        await using var store = folder.Open();
        Assert.Equal(JournalFolder.FirstRows(2), await JournalFolder.RowsAsync(store));
        Assert.False(File.Exists(folder.Journal + ".new"));
    }
}
