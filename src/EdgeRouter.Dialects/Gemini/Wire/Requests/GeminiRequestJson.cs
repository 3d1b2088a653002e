using System.Runtime.InteropServices;
using System.Text.Json;

namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>Copies a caller's JSON.</summary>
internal static class GeminiRequestJson
{
    /// <summary>Writes the caller's JSON as it came, byte for byte: reading its strings could throw, and they need no other spelling.</summary>
    public static void CopyTo(this JsonElement element, Utf8JsonWriter json) =>
        json.WriteRawValue(JsonMarshal.GetRawUtf8Value(element), skipInputValidation: true);
}
