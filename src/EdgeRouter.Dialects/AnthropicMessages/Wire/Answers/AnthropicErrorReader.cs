using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Answers;

/// <summary>
/// Reads <c>{"type":"error","error":{"type","message"},"request_id"}</c>, and what gateways in front of providers send instead. Never throws; texts are
/// bounded.
/// </summary>
internal static class AnthropicErrorReader
{
    private const int MaxText = 1000;
    private const int MaxName = 100;
    private const int MaxBody = 64 * 1024;

    public static UpstreamError Read(int status, ReadOnlyMemory<byte> body)
    {
        if (body.Length <= MaxBody)
        {
            try
            {
                using var document = JsonDocument.Parse(body);
                if (document.RootElement.ValueKind == JsonValueKind.Object) return ReadBody(status, document.RootElement);
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException)
            {
                // not JSON: the text itself is the message
            }
        }
        // four bytes are the most that a character takes
        var text = Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, 4 * MaxText)]).Trim();
        return new UpstreamError(status, null, null, Bound(text, MaxText));
    }

    /// <summary>Reads the <c>error</c> object of an error event.</summary>
    public static UpstreamError ReadError(int? status, JsonElement error) => error.ValueKind switch
    {
        JsonValueKind.Object => new UpstreamError(status, Text(error, "code", MaxName), Text(error, "type", MaxName), Text(error, "message", MaxText)),
        JsonValueKind.String => new UpstreamError(status, null, null, Bound(error.GetString(), MaxText)),
        _ => new UpstreamError(status, null, null, null),
    };

    private static UpstreamError ReadBody(int status, JsonElement body)
    {
        if (body.TryGetProperty("error"u8, out var error) && error.ValueKind is JsonValueKind.Object or JsonValueKind.String) return ReadError(status, error);
        return new UpstreamError(status, Text(body, "code", MaxName), null, Text(body, "message", MaxText) ?? Text(body, "detail", MaxText));
    }

    private static string? Text(JsonElement parent, string name, int max)
    {
        if (!parent.TryGetProperty(name, out var value)) return null;
        return value.ValueKind switch
        {
            JsonValueKind.String => Bound(value.GetString(), max),
            JsonValueKind.Number => Bound(value.GetRawText(), max),
            _ => null,
        };
    }

    private static string? Bound(string? text, int max)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (text.Length <= max) return text;
        return text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
    }
}
