using EdgeRouter.AzureAdapters.Tables;
using EdgeRouter.Core.Storage;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.Tables;

/// <summary>What the contract leaves to each store: how keys, values and sizes travel.</summary>
public sealed class AzureTableStoreTests(AzuriteFixture azurite)
{
    private readonly string table = $"store{Guid.NewGuid():N}";

    private AzureTableStore Store => azurite.Store;

    [Theory]
    [InlineData("it's")]
    [InlineData("''")]
    [InlineData("100%")]
    [InlineData("%27")]
    [InlineData("%2F%252F")]
    [InlineData("a+b")]
    [InlineData("a b")]
    [InlineData(" a ")]
    [InlineData("a&b=c;d,e")]
    [InlineData("$filter")]
    [InlineData("f('x')")] // Azurite's transactions misread a key that holds "',"; the service does not
    [InlineData("usage:*:d20261120")]
    [InlineData("a!002Fb")]
    [InlineData("\"<>^`{|}~@[]\"")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("grüße")]
    [InlineData("\u4E16\u754C \U0001F600")]
    [InlineData("e\u0301\u00A0\uFEFF")]
    public async Task Odd_keys_reach_their_own_row_in_every_operation(string key)
    {
        var inserted = await Store.CommitAsync(table, key, [TableChange.Insert(key, Value(1)), TableChange.Insert("other", Value(0))]);
        Assert.Equal(CommitStatus.Committed, inserted.Status);
        Assert.Equal(CommitStatus.AlreadyExists, (await Store.CommitAsync(table, key, [TableChange.Insert(key, Value(9))])).Status);
        Assert.Equal(CommitStatus.Committed, (await Store.CommitAsync(table, key, [TableChange.ReplaceIfMatch(key, inserted.ETags[0]!, Value(2))])).Status);
        var read = await Store.GetAsync(table, key, key);
        Assert.Equal((key, key, 2), (read!.Partition, read.Row, read.Properties["Value"]));
        var range = await Store.QueryAsync(table, key, new RowRange(key, key + "\uFFFD"));
        Assert.Contains(range.Rows, row => row.Row == key);
        Assert.Equal(CommitStatus.Committed, (await Store.CommitAsync(table, key, [TableChange.Delete(key, read.ETag)])).Status);
        Assert.Equal(["other"], (await Store.QueryAsync(table, key, RowRange.All)).Rows.Select(row => row.Row));
    }

    [Fact]
    public async Task Keys_of_512_characters_fit()
    {
        var key = string.Concat(Enumerable.Repeat("\u00E9%' ", 128));
        Assert.Equal(CommitStatus.Committed, (await Store.CommitAsync(table, key, [TableChange.Insert(key, Value(1))])).Status);
        Assert.Equal(key, (await Store.GetAsync(table, key, key))!.Row);
    }

    [Fact]
    public async Task Values_of_64_kilobytes_come_back_whole()
    {
        var text = string.Concat(Enumerable.Repeat("\u4E16\r\n\"\\", TableLimits.MaxValueBytes / 10));
        var binary = new byte[TableLimits.MaxValueBytes];
        new Random(1).NextBytes(binary);
        await Store.CommitAsync(table, "p", [TableChange.Insert("r", new Dictionary<string, object> { ["Text"] = text, ["Binary"] = binary })]);
        var read = await Store.GetAsync(table, "p", "r");
        Assert.Equal(text, read!.Properties["Text"]);
        Assert.Equal(binary, read.Properties["Binary"]);
    }

    [Fact]
    public async Task Numbers_keep_their_types_at_the_edges()
    {
        var written = new Dictionary<string, object>
        {
            ["Whole"] = 5.0,
            ["Tiny"] = double.Epsilon,
            ["Huge"] = -double.MaxValue,
            ["SmallLong"] = 7L,
            ["Int"] = 7,
            ["Time"] = DateTimeOffset.MaxValue,
            ["OldTime"] = new DateTimeOffset(1601, 1, 1, 0, 0, 0, TimeSpan.Zero),
        };
        await Store.CommitAsync(table, "p", [TableChange.Insert("r", written)]);
        var read = await Store.GetAsync(table, "p", "r");
        Assert.Equal(written.OrderBy(pair => pair.Key, StringComparer.Ordinal), read!.Properties.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal(read.Properties, (await Store.QueryAsync(table, "p", RowRange.All)).Rows[0].Properties);
    }

    [Fact]
    public async Task A_hundred_large_rows_are_one_transaction()
    {
        var text = new string('x', 15_000);
        TableChange[] changes = [.. Enumerable.Range(0, 100).Select(number => TableChange.Insert($"r{number:D2}", Value(text)))];
        var result = await Store.CommitAsync(table, "p", changes);
        Assert.Equal((CommitStatus.Committed, -1, 100), (result.Status, result.FailedIndex, result.ETags.Count));
        Assert.Equal(100, (await Store.QueryAsync(table, "p", RowRange.All)).Rows.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(57)]
    [InlineData(99)]
    public async Task The_index_of_the_first_change_that_failed_is_told(int index)
    {
        await Store.CommitAsync(table, "p", [TableChange.Insert($"r{index:D2}", Value(1))]);
        TableChange[] changes = [.. Enumerable.Range(0, 100).Select(number => TableChange.Insert($"r{number:D2}", Value(2)))];
        var result = await Store.CommitAsync(table, "p", changes);
        Assert.Equal((CommitStatus.AlreadyExists, index), (result.Status, result.FailedIndex));
        Assert.Single((await Store.QueryAsync(table, "p", RowRange.All)).Rows);
    }

    [Fact]
    public async Task Deletions_of_missing_rows_do_not_disturb_the_indexes_and_etags_of_the_others()
    {
        var first = await Store.CommitAsync(table, "p", [TableChange.Insert("kept", Value(1))]);
        var failed = await Store.CommitAsync(table, "p",
            [TableChange.Delete("a"), TableChange.Upsert("x", Value(1)), TableChange.Delete("b"), TableChange.Insert("kept", Value(2))]);
        Assert.Equal((CommitStatus.AlreadyExists, 3), (failed.Status, failed.FailedIndex));
        var done = await Store.CommitAsync(table, "p",
            [TableChange.Delete("a"), TableChange.ReplaceIfMatch("kept", first.ETags[0]!, Value(3)), TableChange.Delete("b"),
            TableChange.Insert("y", Value(4))]);
        Assert.Equal((await Store.GetAsync(table, "p", "kept"))!.ETag, done.ETags[1]);
        Assert.Equal((await Store.GetAsync(table, "p", "y"))!.ETag, done.ETags[3]);
        Assert.Null(done.ETags[0] ?? done.ETags[2]);
        Assert.Null(await Store.GetAsync(table, "p", "x"));
    }

    [Fact]
    public async Task Writers_that_meet_before_the_table_is_there_all_succeed()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(number => Task.Run(async () => await Store.CommitAsync(table, "p", [TableChange.Insert($"r{number}", Value(number))]))));
        Assert.All(results, result => Assert.Equal(CommitStatus.Committed, result.Status));
        Assert.Equal(8, (await Store.QueryAsync(table, "p", RowRange.All)).Rows.Count);
    }

    [Fact]
    public async Task More_rows_than_a_page_come_with_a_continuation()
    {
        foreach (var chunk in Enumerable.Range(0, 1050).Chunk(100))
            await Store.CommitAsync(table, "p", [.. chunk.Select(number => TableChange.Insert($"{number:D5}", Value(number)))]);
        var first = await Store.QueryAsync(table, "p", RowRange.All);
        Assert.Equal(1000, first.Rows.Count);
        var second = await Store.QueryAsync(table, "p", RowRange.All, continuation: first.Continuation);
        Assert.Equal((50, null), (second.Rows.Count, second.Continuation));
        Assert.Equal("01000", second.Rows[0].Row);
    }

    private static Dictionary<string, object> Value(object value) => new() { ["Value"] = value };
}
