using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Answers;

/// <summary>Reads <c>{"message"}</c>, in bodies and in exceptions of streams. The type is beside it. Never throws; texts are bounded.</summary>
internal static class ConverseErrorReader
{
    private const int MaxText = 1000;
    private const int MaxName = 100;

    /// <summary>Reads the body of an error. Its type is mostly in a header (<see cref="IProviderWire.ErrorTypeHeader"/>).</summary>
    public static UpstreamError Read(int? status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                var type = ConverseJson.Text(document.RootElement, "__type"u8) ?? ConverseJson.Text(document.RootElement, "code"u8);
                var message = ConverseJson.Text(document.RootElement, "message"u8) ?? ConverseJson.Text(document.RootElement, "Message"u8);
                return new UpstreamError(status, null, TypeOf(type), Bound(message, MaxText));
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Not JSON, a proxy's page for example: the text itself is the message.
        }
        // Four bytes are the most that a character takes.
        var text = Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, 4 * MaxText)]).Trim();
        return new UpstreamError(status, null, null, Bound(text, MaxText));
    }

    /// <summary>An exception inside a stream. Its type begins with a small letter there.</summary>
    public static UpstreamError ReadException(ReadOnlySpan<byte> type, ReadOnlyMemory<byte> body)
    {
        var name = Bound(Encoding.UTF8.GetString(type[..Math.Min(type.Length, MaxName)]), MaxName);
        return Read(null, body) with { Type = name is null ? null : char.ToUpperInvariant(name[0]) + name[1..] };
    }

    /// <summary>The name without the namespace before it and the address behind it: <c>com.amazon#ValidationException:http://...</c></summary>
    private static string? TypeOf(string? text)
    {
        if (text is null) return null;
        var end = text.IndexOf(':', StringComparison.Ordinal);
        if (end >= 0) text = text[..end];
        return Bound(text[(text.LastIndexOf('#') + 1)..], MaxName);
    }

    private static string? Bound(string? text, int max)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (text.Length <= max) return text;
        return text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
    }
}
