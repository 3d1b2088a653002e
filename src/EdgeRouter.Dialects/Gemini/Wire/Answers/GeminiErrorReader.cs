using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Gemini.Wire.Answers;

/// <summary>Reads <c>{"error":{code,message,status,details}}</c>, plain or as the first entry of an array, as the provider sends it in streams.</summary>
internal static class GeminiErrorReader
{
    private const int MaxTextLength = 1000;

    /// <summary>Reads a whole body. Never throws: what cannot be read becomes the message, cut to 1000 characters.</summary>
    public static UpstreamError Read(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = GeminiJson.Parse(body);
            if (TryRead(document.RootElement, out var error)) return error with { Status = status };
        }
        catch (Exception e) when (e is UpstreamFormatException or InvalidOperationException)
        {
            // Not an error object of this format (a proxy's page, for example), or, with InvalidOperationException, not valid Unicode: the text itself is
            // the message.
        }
        var text = Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, 4 * MaxTextLength)]).Trim();
        return new UpstreamError(status, null, null, text.Length == 0 ? null : Bound(text));
    }

    /// <summary>Finds an error in a body or an event; false: there is none.</summary>
    /// <exception cref="UpstreamFormatException">There is one, and it is malformed.</exception>
    public static bool TryRead(JsonElement root, out UpstreamError error)
    {
        error = new UpstreamError(null, null, null, null);
        if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0) root = root[0];
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetObject("error"u8, out var json)) return false;
        var code = json.GetCount("code"u8);
        error = new UpstreamError(
            code is >= 100 and <= 999 ? (int)code : null,
            Bound(ReadReason(json)),
            Bound(json.GetText("status"u8)),
            Bound(json.GetText("message"u8)))
        { RetryAfter = ReadRetryDelay(json) };
        return true;
    }

    // google.rpc.ErrorInfo names the cause: API_KEY_INVALID, RATE_LIMIT_EXCEEDED, ...
    private static string? ReadReason(JsonElement error)
    {
        if (!error.TryGetArray("details"u8, out var details)) return null;
        foreach (var detail in details.EnumerateArray())
            if (detail.ValueKind == JsonValueKind.Object && detail.GetText("reason"u8) is { } reason) return reason;
        return null;
    }

    // google.rpc.RetryInfo; the provider sends no Retry-After header.
    private static TimeSpan? ReadRetryDelay(JsonElement error)
    {
        if (!error.TryGetArray("details"u8, out var details)) return null;
        foreach (var detail in details.EnumerateArray())
        {
            if (detail.ValueKind != JsonValueKind.Object || detail.GetText("retryDelay"u8) is not { } delay || !delay.EndsWith('s')) continue;
            if (double.TryParse(delay.AsSpan(0, delay.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                && seconds <= 86400)
                return TimeSpan.FromSeconds(seconds);
        }
        return null;
    }

    private static string? Bound(string? text)
    {
        if (text is not { Length: > MaxTextLength }) return text;
        return text[..(char.IsHighSurrogate(text[MaxTextLength - 1]) ? MaxTextLength - 1 : MaxTextLength)];
    }
}
