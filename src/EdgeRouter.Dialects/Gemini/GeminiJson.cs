using System.Text;
using System.Text.Json;

namespace EdgeRouter.Dialects.Gemini;

/// <summary>Reads a vendor's JSON: an absent or null member is absent, one of the wrong kind is an <see cref="UpstreamFormatException"/> that names it.</summary>
internal static class GeminiJson
{
    public static JsonDocument Parse(ReadOnlyMemory<byte> data)
    {
        try
        {
            return JsonDocument.Parse(data);
        }
        catch (JsonException e)
        {
            // The exception's text quotes the vendor's bytes; position and line are enough.
            throw new UpstreamFormatException($"Malformed JSON in line {e.LineNumber}, byte {e.BytePositionInLine}.");
        }
    }

    public static bool TryGetObject(this JsonElement parent, ReadOnlySpan<byte> name, out JsonElement value) => TryGet(parent, name, JsonValueKind.Object, out value);

    public static bool TryGetArray(this JsonElement parent, ReadOnlySpan<byte> name, out JsonElement value) => TryGet(parent, name, JsonValueKind.Array, out value);

    public static string? GetText(this JsonElement parent, ReadOnlySpan<byte> name) => TryGet(parent, name, JsonValueKind.String, out var value) ? Text(value, name) : null;

    /// <summary>A whole number that is not negative; null: absent, or anything else, because a vendor's odd count must not break an answer.</summary>
    public static long? GetCount(this JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count >= 0 ? count : null;

    public static bool IsTrue(this JsonElement parent, ReadOnlySpan<byte> name) => parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static bool TryGet(JsonElement parent, ReadOnlySpan<byte> name, JsonValueKind kind, out JsonElement value)
    {
        if (!parent.TryGetProperty(name, out value) || value.ValueKind == JsonValueKind.Null) return false;
        return value.ValueKind == kind ? true : throw new UpstreamFormatException($"'{Encoding.UTF8.GetString(name)}' is {value.ValueKind}, expected {kind}.");
    }

    private static string Text(JsonElement value, ReadOnlySpan<byte> name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new UpstreamFormatException($"'{Encoding.UTF8.GetString(name)}' is not valid Unicode.", e);
        }
    }
}
