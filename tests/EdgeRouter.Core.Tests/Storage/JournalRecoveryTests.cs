using EdgeRouter.Core.Storage;
using Xunit;

namespace EdgeRouter.Core.Tests.Storage;

public sealed class JournalRecoveryTests : IDisposable
{
    private readonly JournalFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_new_folder_is_an_empty_store_and_reports_nothing()
    {
        await using var store = folder.Open();
        Assert.Empty(await JournalFolder.RowsAsync(store));
        Assert.Equal((0L, null, 0), (store.Recovery.Records, store.Recovery.Cut, store.Recovery.Lost.Count));
    }

    [Fact]
    public async Task Rows_deletions_and_etags_survive_a_restart()
    {
        string kept;
        await using (var store = folder.Open())
        {
            kept = (await store.CommitAsync("things", "p", [TableChange.Insert("row0", new Dictionary<string, object> { ["Value"] = 0 })])).ETags[0]!;
            await JournalFolder.PutAsync(store, "row1", 1);
            await store.CommitAsync("things", "p", [TableChange.Delete("row1")]);
        }
        await using var again = folder.Open();
        Assert.Equal(3, again.Recovery.Records);
        Assert.Equal(["row0=0"], await JournalFolder.RowsAsync(again));
        var replaced = await again.CommitAsync("things", "p", [TableChange.ReplaceIfMatch("row0", kept, new Dictionary<string, object> { ["Value"] = 5 })]);
        Assert.Equal(CommitStatus.Committed, replaced.Status);
        Assert.NotEqual(kept, replaced.ETags[0]);
    }

    [Fact]
    public async Task A_journal_cut_at_any_byte_gives_back_the_whole_commits_before_the_cut_and_goes_on()
    {
        var ends = await folder.WriteAsync(4);
        var whole = File.ReadAllBytes(folder.Journal);
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(folder.Journal, whole[..length]);
            var rows = Math.Max(0, ends.Count(end => end <= length) - 1);
            var good = length < ends[0] ? 0 : ends[rows];
            await using (var store = folder.Open())
            {
                Assert.Equal(JournalFolder.FirstRows(rows), await JournalFolder.RowsAsync(store));
                Assert.Equal(length == good ? null : new JournalRange(good, length - good), store.Recovery.Cut);
                Assert.Empty(store.Recovery.Lost);
                await JournalFolder.PutAsync(store, "row9", 9);
            }
            await using var again = folder.Open();
            Assert.Null(again.Recovery.Cut);
            Assert.Equal(JournalFolder.FirstRows(rows).Append("row9=9"), await JournalFolder.RowsAsync(again));
        }
    }

    [Fact]
    public async Task Any_flipped_bit_before_the_last_record_is_refused_naming_file_and_offset()
    {
        var ends = await folder.WriteAsync(3);
        for (var offset = 0; offset < ends[2]; offset++)
        {
            folder.FlipBit(offset, offset % 8);
            var error = Assert.Throws<JournalCorruptException>(() => folder.Open());
            Assert.Equal(folder.Journal, error.File);
            Assert.Equal(offset < ends[0] ? 0 : ends.Last(end => end <= offset), error.Offset);
            folder.FlipBit(offset, offset % 8);
        }
        await using var store = folder.Open();
        Assert.Equal(JournalFolder.FirstRows(3), await JournalFolder.RowsAsync(store));
    }

    [Fact]
    public async Task A_flipped_bit_in_the_last_record_is_a_torn_end()
    {
        var ends = await folder.WriteAsync(3);
        for (var offset = ends[2]; offset < ends[3]; offset++)
        {
            var whole = File.ReadAllBytes(folder.Journal);
            folder.FlipBit(offset);
            await using (var store = folder.Open())
            {
                Assert.Equal(JournalFolder.FirstRows(2), await JournalFolder.RowsAsync(store));
                Assert.Equal(new JournalRange(ends[2], ends[3] - ends[2]), store.Recovery.Cut);
            }
            File.WriteAllBytes(folder.Journal, whole);
        }
    }

    [Fact]
    public async Task Accepted_corruption_is_skipped_reported_and_kept_aside_and_the_next_start_is_clean()
    {
        var ends = await folder.WriteAsync(4);
        folder.FlipBit(ends[1] + 20);
        var damaged = File.ReadAllBytes(folder.Journal);
        await using (var store = folder.Open(acceptCorruption: true))
        {
            Assert.Equal([new JournalRange(ends[1], ends[2] - ends[1])], store.Recovery.Lost);
            Assert.Equal(["row0=0", "row2=2", "row3=3"], await JournalFolder.RowsAsync(store));
            await JournalFolder.PutAsync(store, "row4", 4);
        }
        Assert.Equal(damaged, File.ReadAllBytes(folder.Journal + ".damaged-1"));
        await using var again = folder.Open();
        Assert.Equal(["row0=0", "row2=2", "row3=3", "row4=4"], await JournalFolder.RowsAsync(again));
    }

    [Fact]
    public async Task Accepted_corruption_with_a_torn_end_reports_both()
    {
        var ends = await folder.WriteAsync(4);
        folder.FlipBit(ends[0]);
        folder.Truncate(ends[4] - 1);
        await using var store = folder.Open(acceptCorruption: true);
        Assert.Equal([new JournalRange(ends[0], ends[1] - ends[0])], store.Recovery.Lost);
        Assert.Equal(new JournalRange(ends[3], ends[4] - 1 - ends[3]), store.Recovery.Cut);
        Assert.Equal(["row1=1", "row2=2"], await JournalFolder.RowsAsync(store));
    }

    [Fact]
    public async Task Random_damage_never_gives_back_a_row_that_was_not_written()
    {
        var ends = await folder.WriteAsync(20);
        var whole = File.ReadAllBytes(folder.Journal);
        var random = new Random(11);
        for (var round = 0; round < 200; round++)
        {
            var bytes = whole.ToArray();
            var at = random.Next(bytes.Length);
            random.NextBytes(bytes.AsSpan(at, Math.Min(random.Next(1, 60), bytes.Length - at)));
            File.WriteAllBytes(folder.Journal, bytes);
            await using var store = folder.Open(acceptCorruption: true);
            var rows = await JournalFolder.RowsAsync(store);
            Assert.Subset(JournalFolder.FirstRows(20).ToHashSet(), rows.ToHashSet());
            // 60 bytes touch at most three records.
            Assert.InRange(rows.Length, 17, 20);
        }
        Assert.Equal(21, ends.Length);
    }

    [Fact]
    public async Task A_value_that_looks_like_a_record_is_not_taken_for_one()
    {
        await folder.WriteAsync(1);
        var record = File.ReadAllBytes(folder.Journal)[28..];
        await using (var store = folder.Open())
            await store.CommitAsync("things", "q", [TableChange.Insert("r", new Dictionary<string, object> { ["Value"] = record })]);
        var length = new FileInfo(folder.Journal).Length;
        folder.Truncate(length - 1);
        await using var again = folder.Open();
        Assert.NotNull(again.Recovery.Cut);
        Assert.Equal(["row0=0"], await JournalFolder.RowsAsync(again));
    }
}
