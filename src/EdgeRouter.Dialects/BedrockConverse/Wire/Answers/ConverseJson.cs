using System.Text.Json;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Answers;

/// <summary>Reads members of a provider's JSON. A member of the wrong type counts as missing.</summary>
internal static class ConverseJson
{
    /// <summary>A member's text; null: missing or no text.</summary>
    public static string? Text(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    /// <summary>A member that is an object; false: missing or no object.</summary>
    public static bool TryGetObject(JsonElement parent, ReadOnlySpan<byte> name, out JsonElement value)
    {
        value = default;
        return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out value) && value.ValueKind == JsonValueKind.Object;
    }

    /// <summary>The entries of a member that is a list; none: missing or no list.</summary>
    public static JsonElement.ArrayEnumerator Entries(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray() : default;
}
