using System.Text.Json;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.Wire.Events;

/// <summary>Reads the value that follows a member's name, as a range of the event's data.</summary>
internal static class OpenAIChatEventJson
{
    // Ids, names and words of a provider end in records and in every chunk; a longer one is no id, name or word.
    private const int MaxWordBytes = 1024;

    /// <summary>A string; any other value is skipped, and none.</summary>
    /// <param name="reader">The reader, on the name.</param>
    /// <param name="offset">Where the reader's buffer begins in the data.</param>
    public static JsonRange NextText(ref Utf8JsonReader reader, int offset = 0)
    {
        reader.Read();
        return JsonRange.OfStringOrNone(ref reader, offset);
    }

    /// <summary>Any value.</summary>
    public static JsonRange NextValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        return JsonRange.OfValue(ref reader, 0);
    }

    /// <summary>A value that starts with a token of that type; any other value is skipped, and none.</summary>
    public static JsonRange NextOf(ref Utf8JsonReader reader, JsonTokenType type, int offset = 0)
    {
        reader.Read();
        var isType = reader.TokenType == type;
        var value = JsonRange.OfValue(ref reader, offset);
        return isType ? value : default;
    }

    /// <summary>An integer or null.</summary>
    /// <exception cref="UpstreamFormatException">It is neither.</exception>
    public static int? NextIndex(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index)) return index;
        if (reader.TokenType == JsonTokenType.Null) return null;
        throw new UpstreamFormatException("index: expected an integer.");
    }

    /// <summary>Skips a value.</summary>
    public static void SkipNext(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    /// <summary>The word, or none where it is empty or too long to be one.</summary>
    public static JsonRange WordOrNone(JsonRange word) => word is { HasContent: true, Length: <= MaxWordBytes } ? word : default;

    /// <summary>Whether a value means nothing: null, or empty.</summary>
    public static bool IsNothing(ReadOnlySpan<byte> json) =>
        json.SequenceEqual("null"u8) || json.SequenceEqual("[]"u8) || json.SequenceEqual("{}"u8) || json.SequenceEqual("\"\""u8);
}
