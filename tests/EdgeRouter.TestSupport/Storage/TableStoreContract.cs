using EdgeRouter.Core.Storage;
using Xunit;

namespace EdgeRouter.TestSupport.Storage;

/// <summary>
/// What every <see cref="ITableStore"/> must do. A test class per implementation derives from it and from nothing else that has facts.
/// Tests take a table of their own, so that they may share one store.
/// </summary>
public abstract class TableStoreContract
{
    private static int tables;

    private readonly string table = $"contract{Interlocked.Increment(ref tables)}";

    protected abstract ITableStore Store { get; }

    private static Dictionary<string, object> Value(object value) => new() { ["Value"] = value };

    private ValueTask<CommitResult> CommitAsync(params TableChange[] changes) => Store.CommitAsync(table, "p", changes);

    private async Task<object?> ReadAsync(string row, string partition = "p") => (await Store.GetAsync(table, partition, row))?.Properties["Value"];

    [Fact]
    public async Task Missing_rows_and_tables_read_as_null()
    {
        Assert.Null(await Store.GetAsync(table, "p", "r"));
        Assert.Empty((await Store.QueryAsync(table, "p", RowRange.All)).Rows);
    }

    [Fact]
    public async Task Every_property_type_comes_back_as_it_was_written()
    {
        var written = new Dictionary<string, object>
        {
            ["Text"] = "grüße \u4E16\u754C \U0001F600 \r\n",
            ["Empty"] = "",
            ["Int"] = int.MinValue,
            ["Long"] = long.MaxValue,
            ["Double"] = -0.1,
            ["True"] = true,
            ["False"] = false,
            ["Time"] = new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero).AddTicks(1234567),
            ["Guid"] = new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"),
            ["Binary"] = new byte[] { 0, 1, 254, 255 },
        };
        await CommitAsync(TableChange.Insert("r", written));
        var read = await Store.GetAsync(table, "p", "r");
        Assert.Equal(("p", "r"), (read!.Partition, read.Row));
        Assert.Equal(written.OrderBy(pair => pair.Key, StringComparer.Ordinal), read.Properties.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Times_come_back_in_utc()
    {
        var time = new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.FromHours(2));
        await CommitAsync(TableChange.Insert("r", Value(time)));
        var read = Assert.IsType<DateTimeOffset>(await ReadAsync("r"));
        Assert.Equal(time, read);
        Assert.Equal(TimeSpan.Zero, read.Offset);
    }

    [Fact]
    public async Task Changing_the_callers_values_after_the_commit_changes_nothing()
    {
        var binary = new byte[] { 1 };
        var properties = Value(binary);
        await CommitAsync(TableChange.Insert("r", properties));
        binary[0] = 2;
        properties["Other"] = 1;
        var read = await Store.GetAsync(table, "p", "r");
        Assert.Equal([1], Assert.IsType<byte[]>(Assert.Single(read!.Properties).Value));
    }

    [Fact]
    public async Task Insert_of_an_existing_row_is_refused_with_its_index()
    {
        await CommitAsync(TableChange.Insert("b", Value(1)));
        var result = await CommitAsync(TableChange.Insert("a", Value(2)), TableChange.Insert("b", Value(2)), TableChange.Insert("c", Value(2)));
        Assert.Equal((CommitStatus.AlreadyExists, 1), (result.Status, result.FailedIndex));
        Assert.Empty(result.ETags);
        Assert.Null(await ReadAsync("a"));
        Assert.Equal(1, await ReadAsync("b"));
        Assert.Null(await ReadAsync("c"));
    }

    [Fact]
    public async Task Replace_with_the_current_etag_replaces_all_properties()
    {
        var first = await CommitAsync(TableChange.Insert("r", new Dictionary<string, object> { ["Value"] = 1, ["Old"] = 1 }));
        var second = await CommitAsync(TableChange.ReplaceIfMatch("r", first.ETags[0]!, Value(2)));
        Assert.Equal(CommitStatus.Committed, second.Status);
        var read = await Store.GetAsync(table, "p", "r");
        Assert.Equal(second.ETags[0], read!.ETag);
        Assert.Equal(2, Assert.Single(read.Properties).Value);
    }

    [Fact]
    public async Task Replace_with_an_old_etag_conflicts()
    {
        var first = await CommitAsync(TableChange.Insert("r", Value(1)));
        await CommitAsync(TableChange.Upsert("r", Value(2)));
        var result = await CommitAsync(TableChange.ReplaceIfMatch("r", first.ETags[0]!, Value(3)));
        Assert.Equal((CommitStatus.Conflict, 0), (result.Status, result.FailedIndex));
        Assert.Equal(2, await ReadAsync("r"));
    }

    [Fact]
    public async Task Replace_of_a_missing_row_conflicts()
    {
        var other = await CommitAsync(TableChange.Insert("other", Value(1)));
        Assert.Equal(CommitStatus.Conflict, (await CommitAsync(TableChange.ReplaceIfMatch("r", other.ETags[0]!, Value(1)))).Status);
    }

    [Fact]
    public async Task Upsert_inserts_or_replaces()
    {
        Assert.Equal(CommitStatus.Committed, (await CommitAsync(TableChange.Upsert("r", Value(1)))).Status);
        Assert.Equal(CommitStatus.Committed, (await CommitAsync(TableChange.Upsert("r", Value(2)))).Status);
        Assert.Equal(2, await ReadAsync("r"));
    }

    [Fact]
    public async Task Delete_without_an_etag_needs_no_row_and_with_one_needs_that_version()
    {
        Assert.Equal(CommitStatus.Committed, (await CommitAsync(TableChange.Delete("r"))).Status);
        var first = await CommitAsync(TableChange.Insert("r", Value(1)));
        var second = await CommitAsync(TableChange.Upsert("r", Value(2)));
        Assert.Equal(CommitStatus.Conflict, (await CommitAsync(TableChange.Delete("r", first.ETags[0]))).Status);
        Assert.Equal(2, await ReadAsync("r"));
        var gone = await CommitAsync(TableChange.Delete("r", second.ETags[0]));
        Assert.Null(Assert.Single(gone.ETags));
        Assert.Null(await ReadAsync("r"));
        Assert.Equal(CommitStatus.Conflict, (await CommitAsync(TableChange.Delete("r", second.ETags[0]))).Status);
    }

    [Fact]
    public async Task A_row_made_again_after_its_deletion_has_a_new_etag()
    {
        var first = await CommitAsync(TableChange.Insert("r", Value(1)));
        await CommitAsync(TableChange.Delete("r"));
        var second = await CommitAsync(TableChange.Insert("r", Value(1)));
        Assert.NotEqual(first.ETags[0], second.ETags[0]);
    }

    [Fact]
    public async Task A_conflict_undoes_the_whole_commit()
    {
        var kept = await CommitAsync(TableChange.Insert("kept", Value(1)));
        await CommitAsync(TableChange.Insert("r", Value(1)));
        var result = await CommitAsync(
            TableChange.Upsert("r", Value(2)), TableChange.Delete("kept"), TableChange.Insert("new", Value(2)),
                TableChange.ReplaceIfMatch("missing", kept.ETags[0]!, Value(2)));
        Assert.Equal((CommitStatus.Conflict, 3), (result.Status, result.FailedIndex));
        Assert.Equal([1, 1, null], [await ReadAsync("r"), await ReadAsync("kept"), await ReadAsync("new")]);
    }

    [Fact]
    public async Task Partitions_and_tables_are_apart_and_the_case_of_a_table_does_not_matter()
    {
        await Store.CommitAsync(table, "p1", [TableChange.Insert("r", Value(1))]);
        await Store.CommitAsync(table, "p2", [TableChange.Insert("r", Value(2))]);
        await Store.CommitAsync(table + "x", "p1", [TableChange.Insert("r", Value(3))]);
        Assert.Equal([1, 2], [await ReadAsync("r", "p1"), await ReadAsync("r", "p2")]);
        Assert.Equal(1, (await Store.GetAsync(table.ToUpperInvariant(), "p1", "r"))!.Properties["Value"]);
        Assert.Single((await Store.QueryAsync(table, "p1", RowRange.All)).Rows);
    }

    [Fact]
    public async Task Rows_come_in_ordinal_order_of_their_keys()
    {
        string[] keys = ["b", "B", "a", "_", "10", "9", "~", "aa"];
        await CommitAsync([.. keys.Select(key => TableChange.Insert(key, Value(key)))]);
        var page = await Store.QueryAsync(table, "p", RowRange.All);
        Assert.Equal(keys.Order(StringComparer.Ordinal), page.Rows.Select(row => row.Row));
        Assert.Null(page.Continuation);
    }

    [Theory]
    [InlineData(null, null, "a b c d")]
    [InlineData("b", null, "b c d")]
    [InlineData(null, "c", "a b")]
    [InlineData("b", "d", "b c")]
    [InlineData("aa", "bb", "b")]
    [InlineData("d", "b", "")]
    [InlineData("e", null, "")]
    public async Task Ranges_include_from_and_exclude_to(string? from, string? to, string expected)
    {
        await CommitAsync([.. "abcd".Select(key => TableChange.Insert(key.ToString(), Value(1)))]);
        var page = await Store.QueryAsync(table, "p", new RowRange(from, to));
        Assert.Equal(expected, string.Join(' ', page.Rows.Select(row => row.Row)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(1000)]
    public async Task Pages_together_hold_every_row_of_the_range_once(int limit)
    {
        await CommitAsync([.. Enumerable.Range(0, 100).Select(number => TableChange.Insert($"{number:D3}", Value(number)))]);
        var seen = new List<string>();
        string? continuation = null;
        do
        {
            var page = await Store.QueryAsync(table, "p", new RowRange("010", "060"), limit, continuation);
            Assert.InRange(page.Rows.Count, 0, limit);
            seen.AddRange(page.Rows.Select(row => row.Row));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        Assert.Equal(Enumerable.Range(10, 50).Select(number => $"{number:D3}"), seen);
    }

    [Fact]
    public async Task A_page_goes_on_after_its_last_row_was_deleted()
    {
        await CommitAsync([.. "abcd".Select(key => TableChange.Insert(key.ToString(), Value(1)))]);
        var first = await Store.QueryAsync(table, "p", RowRange.All, 2);
        await CommitAsync(TableChange.Delete("b"));
        var second = await Store.QueryAsync(table, "p", RowRange.All, 2, first.Continuation);
        Assert.Equal(["c", "d"], second.Rows.Select(row => row.Row));
    }

    [Fact]
    public async Task Concurrent_optimistic_increments_lose_nothing()
    {
        const int Writers = 8, Each = 25;
        await CommitAsync(TableChange.Insert("counter", Value(0)));
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < Each;)
            {
                var row = await Store.GetAsync(table, "p", "counter");
                var result = await CommitAsync(TableChange.ReplaceIfMatch("counter", row!.ETag, Value((int)row.Properties["Value"] + 1)));
                if (result.Status == CommitStatus.Committed) done++;
            }
        })));
        Assert.Equal(Writers * Each, await ReadAsync("counter"));
    }

    [Fact]
    public async Task Of_concurrent_inserts_of_one_row_exactly_one_wins()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(writer => Task.Run(async () => await CommitAsync(TableChange.Insert("r", Value(writer))))));
        Assert.Single(results, result => result.Status == CommitStatus.Committed);
        Assert.Equal(19, results.Count(result => result.Status == CommitStatus.AlreadyExists));
    }

    [Fact]
    public async Task A_hundred_changes_are_one_commit_and_more_are_refused()
    {
        TableChange[] Changes(int count) => [.. Enumerable.Range(0, count).Select(number => TableChange.Insert($"r{number}", Value(number)))];
        await Assert.ThrowsAsync<ArgumentException>("changes", async () => await CommitAsync(Changes(101)));
        await Assert.ThrowsAsync<ArgumentException>("changes", async () => await CommitAsync());
        Assert.Equal(100, (await CommitAsync(Changes(100))).ETags.Count(etag => etag is not null));
        Assert.Equal(100, (await Store.QueryAsync(table, "p", RowRange.All)).Rows.Count);
    }

    [Fact]
    public async Task A_row_twice_in_a_commit_is_refused() =>
        await Assert.ThrowsAsync<ArgumentException>("changes", async () => await CommitAsync(TableChange.Upsert("r", Value(1)), TableChange.Delete("r")));

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\tb")]
    [InlineData("a\u007Fb")]
    [InlineData("a\u0085b")]
    public async Task Keys_with_forbidden_characters_are_refused(string key)
    {
        await Assert.ThrowsAsync<ArgumentException>("row", async () => await CommitAsync(TableChange.Upsert(key, Value(1))));
        await Assert.ThrowsAsync<ArgumentException>("row", async () => await Store.GetAsync(table, "p", key));
        await Assert.ThrowsAsync<ArgumentException>("partition", async () => await Store.GetAsync(table, key, "r"));
        await Assert.ThrowsAsync<ArgumentException>("partition", async () => await Store.QueryAsync(table, key, RowRange.All));
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await Store.CommitAsync(table, "p", [TableChange.Upsert("r", Value(1))], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.GetAsync(table, "p", "r", cancelled));
        Assert.Null(await ReadAsync("r"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_commits_do_what_a_simple_model_does(int seed)
    {
        var random = new Random(seed);
        var model = new TableModel();
        for (var step = 0; step < 200; step++)
        {
            var changes = model.DrawChanges(random);
            var expected = model.Apply(changes);
            var actual = await CommitAsync(changes);
            Assert.Equal(expected, (actual.Status, actual.FailedIndex));
            model.Remember(changes, actual);
        }
        var page = await Store.QueryAsync(table, "p", RowRange.All);
        Assert.Equal(model.Rows.Select(pair => (pair.Key, (object)pair.Value.Value)), page.Rows.Select(row => (row.Row, row.Properties["Value"])));
    }
}
