using System.Text.Json;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Answers;

/// <summary>Reads members of a provider's JSON. A member of the wrong type counts as missing.</summary>
internal static class AnthropicJson
{
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
