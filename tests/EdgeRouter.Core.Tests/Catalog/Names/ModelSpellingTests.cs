using EdgeRouter.Core.Catalog.Names;
using Xunit;

namespace EdgeRouter.Core.Tests.Catalog.Names;

public sealed class ModelSpellingTests
{
    [Theory]
    [InlineData("anthropic/Claude-Sonnet-4.5", "anthropic/claude-sonnet-4-5")]
    [InlineData("claude-sonnet-4-5@20250929", "claude-sonnet-4-5-20250929")]
    [InlineData("L3_8b", "l3-8b")]
    [InlineData("gpt-oss-20b:free", "gpt-oss-20b:free")]
    public void Case_dots_underscores_and_at_signs_make_no_difference(string name, string expected) => Assert.Equal(expected, ModelSpelling.Normalise(name));

    [Theory]
    [InlineData("claude-sonnet-4-5-20250929", "claude-sonnet-4-5", 2025, 9, 29)]
    [InlineData("openai/gpt-4o-2024-08-06", "openai/gpt-4o", 2024, 8, 6)]
    [InlineData("command-r-08-2024", "command-r", 2024, 8, 0)]
    [InlineData("o1-2024-12", "o1", 2024, 12, 0)]
    [InlineData("gpt-4-0613", "gpt-4", 0, 6, 13)]
    [InlineData("qwen3-5-plus-02-15", "qwen3-5-plus", 0, 2, 15)]
    [InlineData("mistral-large-2411", "mistral-large", 2024, 11, 0)]
    [InlineData("gemini-2-5-flash-lite-preview-09-2025", "gemini-2-5-flash-lite-preview", 2025, 9, 0)]
    [InlineData("x-12-2411", "x-12", 2024, 11, 0)]
    public void Date_at_the_end_is_removed(string name, string rest, int year, int month, int day)
    {
        Assert.Equal(rest, ModelSpelling.RemoveDate(name, out var date).ToString());
        Assert.Equal(new NameDate(year, month, day), date);
    }

    [Theory]
    [InlineData("claude-sonnet-4-5")]
    [InlineData("gpt-4")]
    [InlineData("llama-3-3-70b-instruct")]
    [InlineData("gpt-4o-99999999")]
    [InlineData("gpt-4o-20251399")]
    [InlineData("model-4096")]
    [InlineData("gpt-4o-2024-08-06:free")]
    [InlineData("20250929")]
    [InlineData("acme/20250929")]
    [InlineData("-20250929")]
    [InlineData("2024-08-06")]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("/")]
    public void What_is_no_date_stays(string name)
    {
        Assert.Equal(name, ModelSpelling.RemoveDate(name, out var date).ToString());
        Assert.False(date.IsKnown);
    }

    [Theory]
    [InlineData("2024-08-06", "20240806", true)]
    [InlineData("20240806", "0806", true)]
    [InlineData("2408", "20240806", true)]
    [InlineData("20240806", "20240807", false)]
    [InlineData("0806", "0906", false)]
    [InlineData("2408", "2508", false)]
    public void Dates_agree_in_the_parts_that_both_have(string one, string other, bool agree)
    {
        ModelSpelling.RemoveDate("x-" + one, out var first);
        ModelSpelling.RemoveDate("x-" + other, out var second);

        Assert.Equal(agree, first.Agrees(second));
    }

    [Theory]
    [InlineData("kitten", "sitting", 3, 3)]
    [InlineData("gpt-4o", "gpt-4o", 1, 0)]
    [InlineData("gpt4o", "gpt-4o", 1, 1)]
    [InlineData("", "abc", 3, 3)]
    [InlineData("abc", "", 3, 3)]
    [InlineData("abcdefgh", "stuvwxyz", 3, 4)]
    public void Distance_counts_changed_letters_up_to_a_bound(string from, string to, int most, int expected) =>
        Assert.Equal(expected, EditDistance.Of(from, to, most));
}
