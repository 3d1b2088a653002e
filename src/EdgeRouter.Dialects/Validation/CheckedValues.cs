using System.Text.Json;

namespace EdgeRouter.Dialects.Validation;

/// <summary>Reads values whose shape was checked, from their bytes.</summary>
internal static class CheckedValues
{
    /// <summary>true or false.</summary>
    public static bool Flag(ReadOnlySpan<byte> value) => value[0] == (byte)'t';

    /// <summary>An integer.</summary>
    public static int Integer(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value);
        reader.Read();
        return reader.GetInt32();
    }

    /// <summary>A string.</summary>
    public static string Text(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value);
        reader.Read();
        return reader.GetString()!;
    }

    /// <summary>An array of strings.</summary>
    public static List<string> Strings(ReadOnlySpan<byte> value)
    {
        var strings = new List<string>();
        var reader = new Utf8JsonReader(value);
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.String) strings.Add(reader.GetString()!);
        return strings;
    }

    /// <summary>An object, as an element of its own.</summary>
    public static JsonElement Element(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>Whether it is an array without items.</summary>
    public static bool IsEmptyArray(ReadOnlySpan<byte> value) => value[0] == (byte)'[' && value[1..].TrimStart(" \t\r\n"u8)[0] == (byte)']';
}
