using System.Text;
using System.Text.Json;

namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>Writes a caller's text where the wire requires a JSON object: call arguments and tool results.</summary>
internal static class GeminiObjects
{
    /// <summary>
    /// Writes <paramref name="text"/> itself when it is a JSON object; <c>{}</c> when there is none; otherwise wraps it as <c>{"wrapName": ...}</c>:
    /// an array as it is, anything else (including broken JSON, which models do write) as a string, because numbers would lose digits at the provider.
    /// </summary>
    public static void Write(Utf8JsonWriter json, string text, string wrapName)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var kind = KindOf(bytes);
        if (kind == JsonTokenType.StartObject) json.WriteRawValue(bytes, skipInputValidation: true);
        else Wrap(json, text, bytes, kind, wrapName);
    }

    /// <summary>Writes <c>{"name": text}</c>, JSON objects and arrays as they are; <c>{}</c> when there is no text.</summary>
    public static void Wrap(Utf8JsonWriter json, string text, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Wrap(json, text, bytes, KindOf(bytes), name);
    }

    private static void Wrap(Utf8JsonWriter json, string text, byte[] bytes, JsonTokenType kind, string wrapName)
    {
        json.WriteStartObject();
        if (kind is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            json.WritePropertyName(wrapName);
            json.WriteRawValue(bytes, skipInputValidation: true);
        }
        else if (text.Length > 0)
        {
            json.WriteString(wrapName, text);
        }
        json.WriteEndObject();
    }

    /// <summary>The first token of a well-formed JSON text; <see cref="JsonTokenType.None"/> of any other.</summary>
    private static JsonTokenType KindOf(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        try
        {
            reader.Read();
            var first = reader.TokenType;
            while (reader.Read()) { }
            return first;
        }
        catch (JsonException)
        {
            return JsonTokenType.None;
        }
    }
}
