using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Completions.Caller;

/// <summary><c>prompt</c>: one text or several, or as many lists of token ids. Immutable.</summary>
internal sealed class CompletionPrompt
{
    /// <summary>What it must be, for errors.</summary>
    public const string Expected = "expected a string, an array of strings, an array of token ids, or an array of such arrays";

    /// <summary>Not given.</summary>
    public static readonly CompletionPrompt None = new([], 0, 0);

    private const int MostPrompts = 2048;
    private readonly JsonRange[] texts;

    private CompletionPrompt(JsonRange[] texts, int count, long tokens)
    {
        this.texts = texts;
        Count = count;
        Tokens = tokens;
    }

    /// <summary>Number of prompts.</summary>
    public int Count { get; }

    /// <summary>Token ids in all of them; 0: they are texts.</summary>
    public long Tokens { get; }

    /// <summary>Whether it is one text, as a conversation can carry it.</summary>
    public bool IsOneText => texts.Length == 1;

    /// <summary>Reads the value that the reader stands on.</summary>
    /// <exception cref="RouterException">400.</exception>
    public static CompletionPrompt Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String) return new CompletionPrompt([JsonRange.OfString(ref reader, 0)], 1, 0);
        if (reader.TokenType != JsonTokenType.StartArray) throw Invalid();
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => ReadTexts(ref reader),
            JsonTokenType.Number => new CompletionPrompt([], 1, CountTokens(ref reader)),
            JsonTokenType.StartArray => ReadTokenLists(ref reader),
            _ => throw Invalid(),
        };
    }

    /// <summary>The text of a single prompt.</summary>
    public string TextIn(ReadOnlySpan<byte> body) => texts[0].TextIn(body)!;

    /// <summary>Writes one JSON string that stands for all prompts: the texts, a line each; for token ids a letter.</summary>
    public void WriteAsText(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        if (texts.Length == 0)
        {
            output.Write("\"x\""u8);
            return;
        }
        output.Write("\""u8);
        for (var i = 0; i < texts.Length; i++)
        {
            if (i > 0) output.Write("\\n"u8);
            output.Write(texts[i].In(body));
        }
        output.Write("\""u8);
    }

    private static CompletionPrompt ReadTexts(ref Utf8JsonReader reader)
    {
        var read = new List<JsonRange>();
        do
        {
            if (reader.TokenType != JsonTokenType.String) throw Invalid();
            read.Add(JsonRange.OfString(ref reader, 0));
            if (read.Count > MostPrompts) throw TooMany();
            reader.Read();
        }
        while (reader.TokenType != JsonTokenType.EndArray);
        return new CompletionPrompt([.. read], read.Count, 0);
    }

    private static CompletionPrompt ReadTokenLists(ref Utf8JsonReader reader)
    {
        var (count, tokens) = (0, 0L);
        do
        {
            if (reader.TokenType != JsonTokenType.StartArray || ++count > MostPrompts) throw count > MostPrompts ? TooMany() : Invalid();
            reader.Read();
            tokens += CountTokens(ref reader);
            reader.Read();
        }
        while (reader.TokenType != JsonTokenType.EndArray);
        return new CompletionPrompt([], count, tokens);
    }

    /// <summary>Counts the ids of a list that the reader is in, up to its end.</summary>
    private static long CountTokens(ref Utf8JsonReader reader)
    {
        var tokens = 0L;
        while (reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var id) || id < 0) throw Invalid();
            tokens++;
            reader.Read();
        }
        return tokens > 0 ? tokens : throw Invalid();
    }

    private static RouterException Invalid() => new(RouterError.InvalidField("prompt", Expected));

    private static RouterException TooMany() => new(RouterError.InvalidField("prompt", $"expected at most {MostPrompts} prompts"));
}
