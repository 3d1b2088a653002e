using System.Text;
using System.Text.Json;

namespace EdgeRouter.Dialects.Gemini.Wire;

/// <summary>Writes texts of callers where the wire wants a JSON object: call arguments and tool results.</summary>
internal static class GeminiObjects
{
    /// <summary>
    /// Writes <paramref name="text"/> itself when it is a JSON object; <c>{}</c> when there is none; otherwise wraps it as <c>{"wrapName": ...}</c>:
    /// an array as it is, anything else (broken JSON, which models do write, among it) as a string, for numbers would lose digits on the provider's side.
    /// </summary>
    public static void Write(Utf8JsonWriter json, string text, string wrapName)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var kind = KindOf(bytes);
        if (kind == JsonTokenType.StartObject)
        {
            json.WriteRawValue(bytes, skipInputValidation: true);
            return;
        }
        json.WriteStartObject();
        if (kind == JsonTokenType.StartArray)
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
