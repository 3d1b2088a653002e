using System.Runtime.InteropServices;
using System.Text.Json;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>How JSON is written for a provider.</summary>
internal static class AnthropicRequestJson
{
    /// <summary>Escapes only what JSON requires: bodies go to a provider, never into a page. The writers' calls are well-formed by construction.</summary>
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
}
