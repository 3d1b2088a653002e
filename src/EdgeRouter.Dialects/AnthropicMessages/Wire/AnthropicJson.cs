using System.Runtime.InteropServices;
using System.Text.Json;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire;

/// <summary>JSON as this dialect writes it.</summary>
internal static class AnthropicJson
{
    /// <summary>Escapes only what JSON demands: bodies go to a provider, never into a page. The writers' calls are well-formed by construction.</summary>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Writes the element byte for byte as it was read, so that numbers, order and the provider's prompt cache are kept.</summary>
    public static void WriteRaw(Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonElement element)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(element), skipInputValidation: true);
    }

    /// <summary>A member's text; null: missing or no text.</summary>
    public static string? Text(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>A member's text that must be there.</summary>
    /// <exception cref="UpstreamFormatException">It is not.</exception>
    public static string RequiredText(JsonElement parent, ReadOnlySpan<byte> name, string of) =>
        Text(parent, name) ?? throw new UpstreamFormatException($"A {of} has no {System.Text.Encoding.UTF8.GetString(name)}.");

    /// <summary>The JSON of a member that is an object; null: missing or no object.</summary>
    public static string? Object(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value.GetRawText() : null;

    /// <summary>A member that is an object; false: missing or no object.</summary>
    public static bool TryGetObject(JsonElement parent, ReadOnlySpan<byte> name, out JsonElement value)
    {
        value = default;
        return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out value) && value.ValueKind == JsonValueKind.Object;
    }
}
