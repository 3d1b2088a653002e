using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Wire.Reports;

/// <summary>
/// Reads the error bodies of OpenAI-like providers: <c>{"error":{message,type,code,param}}</c>, <c>{"error":"text"}</c>, <c>{"message":..}</c>,
/// <c>{"detail":..}</c> with FastAPI's lists, arrays of one, HTML pages of proxies, plain text, nothing. Never throws. Every text is cut to
/// <see cref="MaxTextLength"/> characters.
/// </summary>
internal static class OpenAIChatErrorReader
{
    /// <summary>Longest text kept, in characters.</summary>
    public const int MaxTextLength = 1000;

    // Beyond this a body is no error message, and parsing it would only cost time.
    private const int MaxParsedBytes = 1024 * 1024;

    /// <summary>Reads the body of an answer with an error status.</summary>
    public static UpstreamError Read(int status, ReadOnlySpan<byte> body)
    {
        var error = ReadEvent(body);
        return error with { Status = status };
    }

    /// <summary>Reads an error inside a stream: the envelope, the error object or just a text. The status is the numeric code, if there is one.</summary>
    public static UpstreamError ReadEvent(ReadOnlySpan<byte> body)
    {
        body = body.Trim(" \t\r\n"u8);
        if (body.IsEmpty) return new UpstreamError(null, null, null, null);
        if (body[0] == '<') return new UpstreamError(null, null, null, ReadHtmlTitle(body));
        if (body.Length > MaxParsedBytes) return new UpstreamError(null, null, null, ReadText(body));
        try
        {
            return ReadElement(JsonElement.Parse(body));
        }
        // The latter, where a member's name holds half of a surrogate pair.
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return new UpstreamError(null, null, null, ReadText(body));
        }
    }

    private static UpstreamError ReadElement(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array) root = root.GetArrayLength() > 0 ? root[0] : default;
        if (root.ValueKind != JsonValueKind.Object) return new UpstreamError(null, null, null, Text(root));
        var inner = Member(root, "error");
        if (inner.ValueKind == JsonValueKind.Undefined) inner = FirstOf(Member(root, "errors"));
        if (inner.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) inner = root;
        var isObject = inner.ValueKind == JsonValueKind.Object;
        var message = isObject ? MessageOf(inner) ?? MessageOf(root) ?? Text(inner) : Text(inner) ?? MessageOf(root);
        var holder = isObject ? inner : root;
        var code = Text(Member(holder, "code")) ?? Text(Member(root, "code"));
        var type = StringOf(holder, "type") ?? StringOf(holder, "status") ?? StringOf(Member(holder, "metadata"), "error_type") ?? StringOf(root, "type");
        var status = HttpStatus(code) ?? HttpStatus(Text(Member(holder, "status_code"))) ?? HttpStatus(Text(Member(holder, "status")));
        return new UpstreamError(status, HttpStatus(code) is null ? code : null, type, message);
    }

    private static string? MessageOf(JsonElement holder)
    {
        var message = Text(Member(holder, "message")) ?? Text(Member(holder, "msg")) ?? Text(Member(holder, "error_message"));
        if (message is null) return DetailOf(Member(holder, "detail"));
        // Another router in front of the provider hides its message behind a fixed phrase.
        var raw = Text(Member(Member(holder, "metadata"), "raw"));
        return raw is not null && string.Equals(message, "Provider returned error", StringComparison.Ordinal) ? Cut($"{message}: {raw}") : message;
    }

    /// <summary>FastAPI: a text, or a list of <c>{loc, msg}</c>.</summary>
    private static string? DetailOf(JsonElement detail)
    {
        if (detail.ValueKind != JsonValueKind.Array) return detail.ValueKind == JsonValueKind.Object ? MessageOf(detail) ?? Text(detail) : Text(detail);
        var text = new StringBuilder();
        foreach (var fault in detail.EnumerateArray())
        {
            if (text.Length > MaxTextLength) break;
            if (text.Length > 0) text.Append("; ");
            var location = Member(fault, "loc");
            if (location.ValueKind == JsonValueKind.Array) text.AppendJoin('.', location.EnumerateArray().Select(Text)).Append(": ");
            text.Append(Text(Member(fault, "msg")) ?? Text(fault));
        }
        return text.Length == 0 ? null : Cut(text.ToString());
    }

    private static string ReadHtmlTitle(ReadOnlySpan<byte> page)
    {
        var text = ReadText(page);
        var start = text.IndexOf("<title>", StringComparison.OrdinalIgnoreCase);
        var end = start < 0 ? -1 : text.IndexOf("</title>", start, StringComparison.OrdinalIgnoreCase);
        return end < 0 ? "An HTML page without a title." : text[(start + 7)..end].Trim();
    }

    private static JsonElement Member(JsonElement holder, string name) =>
        holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty(name, out var value) ? value : default;

    private static JsonElement FirstOf(JsonElement array) =>
        array.ValueKind == JsonValueKind.Array && array.GetArrayLength() > 0 ? array[0] : default;

    private static string? StringOf(JsonElement holder, string name)
    {
        var value = Member(holder, name);
        return value.ValueKind == JsonValueKind.String ? Text(value) : null;
    }

    /// <summary>A string's text, any other value's JSON; null for null, nothing and the empty string.</summary>
    private static string? Text(JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        var raw = JsonMarshal.GetRawUtf8Value(value);
        // JsonElement.GetString refuses lone surrogates, and this method may not throw.
        var text = value.ValueKind == JsonValueKind.String ? JsonStrings.Decode(raw[1..^1]) : Encoding.UTF8.GetString(raw);
        return text.Length == 0 ? null : Cut(text);
    }

    private static string ReadText(ReadOnlySpan<byte> bytes) => Cut(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MaxTextLength * 4)]));

    private static string Cut(string text)
    {
        if (text.Length <= MaxTextLength) return text;
        return text[..(char.IsHighSurrogate(text[MaxTextLength - 1]) ? MaxTextLength - 1 : MaxTextLength)];
    }

    private static int? HttpStatus(string? code) =>
        int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and <= 599 ? status : null;
}
