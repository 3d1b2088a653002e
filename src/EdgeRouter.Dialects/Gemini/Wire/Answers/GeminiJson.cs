using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Gemini.Wire.Answers;

/// <summary>
/// Reads a provider's JSON. A null member counts as absent; one of the wrong kind is an <see cref="UpstreamFormatException"/> that names it.
/// </summary>
internal static class GeminiJson
{
    /// <exception cref="UpstreamFormatException">It is not JSON in UTF-8.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> data)
    {
        // The parser does not look into strings; reading a broken one later would throw, and copying it would pass it on.
        if (!Utf8.IsValid(data.Span)) throw new UpstreamFormatException("The JSON is not UTF-8.");
        try
        {
            return JsonDocument.Parse(data);
        }
        catch (JsonException e)
        {
            // The exception's text quotes the provider's bytes; position and line are enough.
            throw new UpstreamFormatException($"Malformed JSON in line {e.LineNumber}, byte {e.BytePositionInLine}.");
        }
    }

    public static bool TryGetObject(this JsonElement parent, ReadOnlySpan<byte> name, out JsonElement value) =>
        TryGet(parent, name, JsonValueKind.Object, out value);

    public static bool TryGetArray(this JsonElement parent, ReadOnlySpan<byte> name, out JsonElement value) =>
        TryGet(parent, name, JsonValueKind.Array, out value);

    public static string? GetText(this JsonElement parent, ReadOnlySpan<byte> name) => TryGet(parent, name, JsonValueKind.String, out var value)
        ? value.GetString() : null;

    /// <summary>A whole number that is not negative; null: absent, or anything else, because a provider's odd count must not break an answer.</summary>
    public static long? GetCount(this JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count >= 0 ? count : null;

    /// <summary>A count of tokens as reported; null: absent, or no number.</summary>
    public static long? GetReported(this JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out var value) ? ReportedCount.Read(value) : null;

    public static bool IsTrue(this JsonElement parent, ReadOnlySpan<byte> name) => parent.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.True;

    private static bool TryGet(JsonElement parent, ReadOnlySpan<byte> name, JsonValueKind kind, out JsonElement value)
    {
        if (!parent.TryGetProperty(name, out value) || value.ValueKind == JsonValueKind.Null) return false;
        return value.ValueKind == kind ? true : throw new UpstreamFormatException($"'{Encoding.UTF8.GetString(name)}' is {value.ValueKind}, expected {kind}.");
    }
}
