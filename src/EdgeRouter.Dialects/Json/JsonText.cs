using System.Buffers;

namespace EdgeRouter.Dialects.Json;

/// <summary>
/// Text for a JSON string: either decoded, or the bytes between the quotes of a provider's JSON. Layouts take this, so the canonical path
/// and the fast path share one layout and can differ in nothing but how the text is held.
/// </summary>
internal readonly ref struct JsonText
{
    private readonly ReadOnlySpan<char> text;
    private readonly ReadOnlySpan<byte> raw;

    private JsonText(ReadOnlySpan<char> text, ReadOnlySpan<byte> raw, bool isNull)
    {
        this.text = text;
        this.raw = raw;
        IsNull = isNull;
    }

    /// <summary>No text; the layout writes it as JSON null or leaves it out.</summary>
    public static JsonText Null => new(default, default, isNull: true);

    /// <summary>Whether there is no text at all.</summary>
    public bool IsNull { get; }

    /// <summary>Decoded text.</summary>
    public static implicit operator JsonText(string? text) => new(text, default, text is null);

    /// <summary>The content of a JSON string, without quotes, escapes as they stood.</summary>
    public static JsonText Raw(ReadOnlySpan<byte> raw) => new(default, raw, isNull: false);

    /// <summary>The content of the JSON string at <paramref name="range"/>; null: there is none.</summary>
    public static JsonText Of(JsonRange range, ReadOnlySpan<byte> buffer) => range.IsPresent ? Raw(range.In(buffer)) : Null;

    /// <summary>Writes the content, escaped, without quotes.</summary>
    public void WriteContent(IBufferWriter<byte> output)
    {
        if (raw.IsEmpty) JsonStrings.Write(text, output);
        else JsonStrings.WriteRaw(raw, output);
    }

    /// <summary>Writes a JSON string, or null.</summary>
    public void WriteValue(IBufferWriter<byte> output)
    {
        if (IsNull)
        {
            output.Write("null"u8);
            return;
        }
        output.Write("\""u8);
        WriteContent(output);
        output.Write("\""u8);
    }
}
