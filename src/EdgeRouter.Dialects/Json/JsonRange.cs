using System.Text.Json;

namespace EdgeRouter.Dialects.Json;

/// <summary>The position of a value in a buffer. The default means none.</summary>
internal readonly record struct JsonRange
{
    // One more than the length, so that the default is "none" in 8 bytes: parsers keep arrays of these.
    private readonly int lengthPlusOne;

    private JsonRange(long start, long length)
    {
        Start = (int)start;
        lengthPlusOne = (int)length + 1;
    }

    /// <summary>First byte.</summary>
    public int Start { get; }

    /// <summary>Number of bytes.</summary>
    public int Length => IsPresent ? lengthPlusOne - 1 : 0;

    /// <summary>Whether there is a value, be it empty.</summary>
    public bool IsPresent => lengthPlusOne > 0;

    /// <summary>Whether there is a value that is not empty.</summary>
    public bool HasContent => Length > 0;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> buffer) => buffer.Slice(Start, Length);

    /// <summary>The decoded text of a string's content; null: there is none.</summary>
    public string? TextIn(ReadOnlySpan<byte> buffer) => IsPresent ? JsonStrings.Decode(In(buffer)) : null;

    /// <summary>The value as an element of its own; null: there is none.</summary>
    public JsonElement? ElementIn(ReadOnlySpan<byte> buffer) => IsPresent ? JsonElement.Parse(In(buffer)) : null;

    /// <summary>The content, without quotes, of the reader's current string; <paramref name="offset"/> is where the reader's buffer begins.</summary>
    public static JsonRange OfString(ref Utf8JsonReader reader, int offset) => new(offset + reader.TokenStartIndex + 1, reader.ValueSpan.Length);

    /// <summary>The reader's current value, whole. The reader moves to its end.</summary>
    public static JsonRange OfValue(ref Utf8JsonReader reader, int offset)
    {
        var start = reader.TokenStartIndex;
        reader.Skip();
        return new JsonRange(offset + start, reader.BytesConsumed - start);
    }

    /// <summary>The reader's current string; any other value is skipped, and none.</summary>
    public static JsonRange OfStringOrNone(ref Utf8JsonReader reader, int offset)
    {
        if (reader.TokenType == JsonTokenType.String) return OfString(ref reader, offset);
        reader.Skip();
        return default;
    }
}
