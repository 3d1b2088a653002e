using Microsoft.ML.Tokenizers;

namespace EdgeRouter.Gateway.TokenCounting;

/// <summary>
/// Counts tokens of texts by the vocabulary o200k. It is loaded when something is first counted, which takes some hundred milliseconds and 42 MB. The time
/// of a count is bounded: a word takes time in proportion to the square of its length, so that words are cut, and beyond a limit of work the rest is
/// estimated. Thread-safe.
/// </summary>
internal sealed class TokenCounter
{
    /// <summary>Longest word that is counted as one.</summary>
    private const int MaxWordLength = 1000;

    /// <summary>Most work of one count, in characters of short words: a quarter of a second on a slow core.</summary>
    private const long MaxWork = 1_500_000;

    /// <summary>Characters of a token where nothing was counted that could tell.</summary>
    private const double UsualTokenLength = 4;

    private readonly Lazy<Tokenizer> tokenizer = new(static () => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>Whether the vocabulary is in memory.</summary>
    public bool IsLoaded => tokenizer.IsValueCreated;

    /// <summary>Counts the tokens of texts, each by itself.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellationToken">Ends the count.</param>
    public TokenCount Count(IEnumerable<string> texts, CancellationToken cancellationToken)
    {
        var (tokens, counted, left, work) = (0L, 0L, 0L, 0L);
        foreach (var text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var taken = CountWords(text, ref tokens, ref work, cancellationToken);
            counted += taken;
            left += text.Length - taken;
        }
        if (left == 0) return new TokenCount(tokens, TokenCountSources.Counted);
        var perToken = tokens > 0 ? counted / (double)tokens : UsualTokenLength;
        return new TokenCount(tokens + (long)Math.Ceiling(left / perToken), TokenCountSources.Estimated);
    }

    /// <summary>Counts a text to its end, or to where the work is enough. Returns where.</summary>
    private int CountWords(ReadOnlySpan<char> text, ref long tokens, ref long work, CancellationToken cancellationToken)
    {
        if (text.Length == 0 || work >= MaxWork) return 0;
        var start = 0;
        var word = 0;
        for (var i = 1; i < text.Length; i++)
        {
            // Spaces can be one long word too.
            var isEnd = char.IsWhiteSpace(text[i]) != char.IsWhiteSpace(text[i - 1]);
            var isCut = !isEnd && i - word >= MaxWordLength && !char.IsLowSurrogate(text[i]);
            if (!isEnd && !isCut) continue;
            work += WorkOf(i - word);
            word = i;
            if (!isCut && work < MaxWork) continue;
            cancellationToken.ThrowIfCancellationRequested();
            tokens += tokenizer.Value.CountTokens(text[start..i]);
            start = i;
            if (work >= MaxWork) return i;
        }
        work += WorkOf(text.Length - word);
        tokens += tokenizer.Value.CountTokens(text[start..]);
        return text.Length;
    }

    /// <summary>A word of a thousand letters takes fifty times as long as the same letters in short words.</summary>
    private static long WorkOf(int length) => length + (long)length * length / 20;
}
