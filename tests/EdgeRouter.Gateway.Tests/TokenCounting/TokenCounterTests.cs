using EdgeRouter.Gateway.TokenCounting;
using Xunit;

namespace EdgeRouter.Gateway.Tests.TokenCounting;

/// <summary>The router's own tokenizer: known counts, and a bound on the work of one count.</summary>
public sealed class TokenCounterTests
{
    private static readonly TokenCounter Counter = new();

    private static TokenCount Count(params string[] texts) => Counter.Count(texts, TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("Hello, world!", 4)]
    [InlineData("hello hello hello", 3)]
    [InlineData("日本語", 2)]
    public void Count_is_that_of_the_vocabulary(string text, long tokens) => Assert.Equal(new TokenCount(tokens, "counted"), Count(text));

    [Fact]
    public void Texts_are_counted_each_by_itself() => Assert.Equal(Count("Hello, ").Tokens + Count("world!").Tokens, Count("Hello, ", "world!").Tokens);

    [Fact]
    public void Nothing_is_loaded_before_something_is_counted()
    {
        var counter = new TokenCounter();
        Assert.Equal(new TokenCount(0, "counted"), counter.Count([], TestContext.Current.CancellationToken));
        Assert.Equal(0, counter.Count([""], TestContext.Current.CancellationToken).Tokens);
        Assert.False(counter.IsLoaded);

        counter.Count(["a"], TestContext.Current.CancellationToken);
        Assert.True(counter.IsLoaded);
    }

    [Theory]
    [InlineData('a')]
    [InlineData(' ')]
    [InlineData('.')]
    public void A_word_without_end_is_cut_and_counted_in_parts(char letter)
    {
        var part = Count(new string(letter, 1000)).Tokens;

        Assert.Equal(new TokenCount(20 * part, "counted"), Count(new string(letter, 20_000)));
    }

    [Fact]
    public void Cut_never_divides_a_character()
    {
        var text = "x" + string.Concat(Enumerable.Repeat("😀", 5000));

        Assert.Equal(Count("x").Tokens + Count("😀😀😀😀😀😀😀😀😀😀").Tokens * 500, Count(text).Tokens, tolerance: 60);
    }

    [Fact]
    public void Beyond_the_bound_the_rest_is_estimated_in_proportion()
    {
        var sentence = string.Concat(Enumerable.Repeat("The quick brown fox jumps over the lazy dog. ", 4000));
        var one = Count(sentence);

        var many = Count([.. Enumerable.Repeat(sentence, 20)]);

        Assert.Equal(("counted", "estimated"), (one.Source, many.Source));
        Assert.InRange(many.Tokens, one.Tokens * 20 * 0.99, one.Tokens * 20 * 1.01);
    }

    [Theory]
    [InlineData('a', 10_000_000)]
    [InlineData('.', 10_000_000)]
    public void Ten_megabytes_without_a_space_are_estimated_from_a_small_part(char letter, int length)
    {
        var part = Count(new string(letter, 1000)).Tokens;

        var whole = Count(new string(letter, length));

        Assert.Equal("estimated", whole.Source);
        Assert.InRange(whole.Tokens, length / 1000 * part * 0.9, length / 1000 * part * 1.1);
    }

    [Fact]
    public void A_count_ends_when_its_caller_leaves()
    {
        using var left = new CancellationTokenSource();
        left.Cancel();

        Assert.Throws<OperationCanceledException>(() => Counter.Count(["text"], left.Token));
    }
}
