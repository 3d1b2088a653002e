using EdgeRouter.Core.Storage;
using Xunit;

namespace EdgeRouter.Core.Tests.Storage;

public sealed class TableLimitsTests
{
    [Theory]
    [InlineData("abc", true)]
    [InlineData("Generations2026", true)]
    [InlineData("ab", false)]
    [InlineData("1abc", false)]
    [InlineData("a-bc", false)]
    [InlineData("äbc", false)]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234", false)]
    public void Table_names_are_letters_and_digits(string table, bool valid) => Expect(valid, "table name", () => TableLimits.CheckTable(table));

    [Theory]
    [InlineData(1, true)]
    [InlineData(512, true)]
    [InlineData(513, false)]
    [InlineData(0, false)]
    public void Keys_have_a_length(int length, bool valid) =>
        Expect(valid, $"row key has {length}", () => TableLimits.CheckKey(new string('k', length), "row"));

    [Fact]
    public void Keys_are_well_formed()
    {
        // Not inline data: attributes keep strings as UTF-8, which has no half pairs.
        foreach (var key in new[] { "\uD83D", "a\uDE00b", "\uDE00\uD83D" })
            Expect(false, "surrogate", () => TableLimits.CheckKey(key, "row"));
    }

    [Fact]
    public void Keys_may_have_any_other_character() => TableLimits.CheckKey("grüße \U0001F600 !\"$%&'()*+,-.:;<=>@[]^_`{|}~", "row");

    public static TheoryData<string, object?, string?> Values => new()
    {
        { "Text", new string('x', 32 * 1024), null },
        { "Text", new string('x', 32 * 1024 + 1), "65538 bytes" },
        { "Text", "\uD83D", "surrogate" },
        { "Number", double.MaxValue, null },
        { "Number", double.NaN, "finite" },
        { "Number", double.NegativeInfinity, "finite" },
        { "Binary", new byte[64 * 1024], null },
        { "Binary", new byte[64 * 1024 + 1], "65537 bytes" },
        { "Money", 1.5m, "type Decimal" },
        { "Nothing", null, "null" },
        { "Time", new DateTimeOffset(1600, 12, 31, 0, 0, 0, TimeSpan.Zero), "1601" },
        { "Time", new DateTimeOffset(1601, 1, 1, 0, 0, 0, TimeSpan.Zero), null },
        { "RowKey", 1, "reserved" },
        { "Timestamp", 1, "reserved" },
        { "a-b", 1, "property name" },
        { "1a", 1, "property name" },
        { "", 1, "property name" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Properties_have_types_sizes_and_names(string name, object? value, string? expected) =>
        Expect(expected is null, expected ?? "", () => TableLimits.CheckRow("p", "r", new Dictionary<string, object> { [name] = value! }));

    [Theory]
    [InlineData(252, true)]
    [InlineData(253, false)]
    public void Rows_have_a_number_of_properties(int count, bool valid) =>
        Expect(valid, $"{count} properties",
            () => TableLimits.CheckRow("p", "r", Enumerable.Range(0, count).ToDictionary(number => $"P{number}", number => (object)number)));

    [Theory]
    [InlineData(15, true)]
    [InlineData(16, false)]
    public void Rows_have_a_size(int values, bool valid) => Expect(valid, "bytes; at most 1048576", () => TableLimits.CheckRow("p", "r", Large(values)));

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void Commits_have_a_size(int rows, bool valid) =>
        Expect(valid, "bytes; at most 4194304",
            () => TableLimits.CheckCommit("table", "p", [.. Enumerable.Range(0, rows).Select(row => TableChange.Upsert($"r{row}", Large(15)))]));

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    [InlineData(null)]
    public void A_replace_needs_the_etag_of_a_row(string? etag) =>
        Expect(false, "ETag", () => TableLimits.CheckCommit("table", "p", [TableChange.ReplaceIfMatch("r", etag!, Large(1))]));

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void Pages_have_a_size(int limit) => Assert.Throws<ArgumentOutOfRangeException>(() => TableLimits.CheckPage(limit));

    [Fact]
    public void Escaped_texts_are_keys_without_colons_and_differ_when_the_texts_do()
    {
        var random = new Random(8);
        const string Letters = "a/\\#?!:0025\t\u007F\uD83D\uDE00é";
        var seen = new Dictionary<string, string>();
        for (var round = 0; round < 5000; round++)
        {
            var text = "x" + new string([.. Enumerable.Range(0, random.Next(6)).Select(_ => Letters[random.Next(Letters.Length)])]);
            var key = TableKey.Escape(text);
            TableLimits.CheckKey(key, "row");
            Assert.DoesNotContain(':', key);
            Assert.Equal(text, seen.TryAdd(key, text) ? text : seen[key]);
        }
    }

    [Fact]
    public void A_text_that_is_a_key_already_stays_as_it_is() => Assert.Equal("key-1_é", TableKey.Escape("key-1_é"));

    private static Dictionary<string, object> Large(int values) => Enumerable.Range(0, values)
        .ToDictionary(number => $"P{number}", _ => (object)new byte[64 * 1024]);

    private static void Expect(bool valid, string message, Action check)
    {
        if (valid) check();
        else Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(check).Message, StringComparison.Ordinal);
    }
}
