using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Tests.Usage;
using EdgeRouter.Core.Usage;
using EdgeRouter.Core.Usage.Sweeping;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.EmbeddedStore.Tests;

public sealed class RestartTests : IDisposable
{
    private readonly StoreFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Rows_deletions_and_etags_survive_a_restart()
    {
        string etag;
        await using (var store = folder.Open())
        {
            await StoreFolder.PutAsync(store, "kept", 1);
            await StoreFolder.PutAsync(store, "gone", 2);
            await store.CommitAsync("things", "p", [TableChange.Delete("gone")]);
            etag = (await store.GetAsync("things", "p", "kept"))!.ETag;
        }
        await using var again = folder.Open();
        Assert.Equal(["kept=1"], await StoreFolder.RowsAsync(again));
        var replaced = await again.CommitAsync("things", "p", [TableChange.ReplaceIfMatch("kept", etag, StoreFolder.Value(3))]);
        Assert.Equal(CommitStatus.Committed, replaced.Status);
    }

    [Fact]
    public async Task An_etag_is_never_given_twice_even_by_another_process()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var session = 0; session < 5; session++)
        {
            await using var store = folder.Open();
            for (var number = 0; number < 5; number++)
            {
                var result = await store.CommitAsync("things", "p", [TableChange.Insert("row", StoreFolder.Value(number))]);
                Assert.True(seen.Add(result.ETags[0]!));
                await store.CommitAsync("things", "p", [TableChange.Delete("row")]);
            }
        }
    }

    [Fact]
    public async Task A_log_cut_at_any_byte_gives_back_the_first_commits_whole_and_goes_on()
    {
        const int Commits = 12;
        await using var store = folder.Open();
        for (var number = 0; number < Commits; number++)
            await store.CommitAsync("things", "p", [TableChange.Upsert("a", StoreFolder.Value(number)), TableChange.Upsert("b", StoreFolder.Value(number))]);
        var length = new FileInfo(folder.In("store.db-wal")).Length;
        var random = new Random(5);
        var seen = new HashSet<int>();
        for (var cut = 0; cut < 60; cut++)
        {
            using var copy = folder.Copy();
            using (var log = File.OpenWrite(copy.In("store.db-wal"))) log.SetLength(random.NextInt64(length + 1));
            // The index of the log is in memory that several processes share; that of a machine without power is gone.
            File.Delete(copy.In("store.db-shm"));
            await using var cutStore = copy.Open();
            var rows = await StoreFolder.RowsAsync(cutStore);
            var last = rows.Length == 0 ? -1 : int.Parse(rows[0][2..], System.Globalization.CultureInfo.InvariantCulture);
            if (last >= 0) Assert.Equal([$"a={last}", $"b={last}"], rows);
            seen.Add(last);
            await StoreFolder.PutAsync(cutStore, "c", 1);
        }
        // The cuts hit commits of all ages.
        Assert.InRange(seen.Count, 5, Commits + 1);
    }

    [Fact]
    public async Task Keys_of_any_characters_come_in_ordinal_order()
    {
        string[] keys = ["\uFFFD", "\U0001F600", "\uE000", "z", "\u00E9", "\U00010000", "\uD7FF", "\U0010FFFF", "e\u0301", "a b", " "];
        await using var store = folder.Open();
        await store.CommitAsync("things", "p", [.. keys.Select(key => TableChange.Insert(key, StoreFolder.Value(key)))]);
        var page = await store.QueryAsync("things", "p", RowRange.All);
        Assert.Equal(keys.Order(StringComparer.Ordinal), page.Rows.Select(row => row.Row));
        Assert.All(page.Rows, row => Assert.Equal(row.Row, row.Properties["Value"]));
        var range = await store.QueryAsync("things", "p", new RowRange("\U00010000", "\uE000"), 2);
        Assert.Equal(["\U00010000", "\U0001F600"], range.Rows.Select(row => row.Row));
        var rest = await store.QueryAsync("things", "p", new RowRange("\U00010000", "\uE000"), 2, range.Continuation);
        Assert.Equal(["\U0010FFFF"], rest.Rows.Select(row => row.Row));
    }

    [Fact]
    public async Task A_page_ends_before_it_takes_more_than_some_megabytes_and_the_next_one_goes_on()
    {
        await using var store = folder.Open();
        var large = Enumerable.Range(0, 15).ToDictionary(number => $"Value{number}", object (_) => new byte[60_000]);
        for (var number = 0; number < 12; number++) await store.CommitAsync("things", "p", [TableChange.Insert($"row{number:D2}", large)]);
        var first = await store.QueryAsync("things", "p", RowRange.All);
        Assert.InRange(first.Rows.Count, 4, 6);
        var second = await store.QueryAsync("things", "p", RowRange.All, continuation: first.Continuation);
        Assert.Equal($"row{first.Rows.Count:D2}", second.Rows[0].Row);
    }

    [Fact]
    public async Task Room_of_records_deleted_by_age_is_used_again()
    {
        var random = new Random(3);
        async Task WriteAsync()
        {
            await using var store = folder.Open();
            var writer = new UsageWriter(store);
            for (var batch = 0; batch < 5; batch++)
                await writer.WriteAsync([.. Enumerable.Range(0, 1000).Select(_ => RandomRecords.Plain(random, at: RandomRecords.Now))]);
        }
        await WriteAsync();
        await using (var store = folder.Open())
        {
            var retention = new RecordRetention(store, new VirtualTimeProvider(RandomRecords.Now.AddDays(91)), 90);
            Assert.Equal(5000, await retention.RunAsync());
            Assert.Equal(5000, (await new UsageTotals(store, TimeProvider.System).ReadAllKeysAsync()).AllTime.Requests);
        }
        var full = new FileInfo(folder.File).Length;
        await WriteAsync();
        Assert.InRange(new FileInfo(folder.File).Length, full, full + full / 10);
    }
}
