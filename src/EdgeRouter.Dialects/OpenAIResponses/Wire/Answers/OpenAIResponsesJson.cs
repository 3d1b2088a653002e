using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIResponses.Wire.Answers;

/// <summary>Reads members of a provider's JSON. A member of the wrong type counts as missing. Halves of characters are kept.</summary>
internal static class OpenAIResponsesJson
{
    /// <summary>A member's text; null: missing or no text.</summary>
    public static string? Text(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? JsonStrings.Decode(JsonMarshal.GetRawUtf8Value(value)[1..^1]) : null;

    /// <summary>A member's number; null: missing or no integer.</summary>
    public static int? Number(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var number) ? number : null;

    /// <summary>A member that is an object; of no kind: missing or no object.</summary>
    public static JsonElement Object(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : default;

    /// <summary>A member's objects; none: missing or no array.</summary>
    public static IEnumerable<JsonElement> Objects(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array) yield break;
        foreach (var item in list.EnumerateArray())
            if (item.ValueKind == JsonValueKind.Object) yield return item;
    }
}
