using System.Text.Json;
using EdgeRouter.Core.Conversation;
using Keys = EdgeRouter.Dialects.Gemini.Caller.Requests.GeminiKeys;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Reading;

/// <summary>Reads parts of the user's contents, whose shape was checked. Stateless and thread-safe.</summary>
internal static class GeminiUserParts
{
    /// <summary>Reads a part; null: only Google's API has such a part.</summary>
    /// <exception cref="Core.Errors.RouterException">400: it is the result of no call.</exception>
    public static ContentPart? Read(JsonElement part, GeminiCallIds ids, GeminiOrigin origin)
    {
        if (part.Text(Keys.Text) is { } text) return new TextPart(text);
        if (part.Member(Keys.FunctionResponse) is not { } result) return GeminiMediaReader.Read(part);
        var name = result.Text(Keys.Name)!;
        return ReadResult(result, ids.Result(name, result.Text(Keys.Id), origin));
    }

    private static ToolResultPart ReadResult(JsonElement result, string id)
    {
        var (content, isError) = ReadResponse(result.Member(Keys.Response));
        var parts = new List<ContentPart> { new TextPart(content) };
        foreach (var part in result.Member(Keys.Parts).Items())
            if (GeminiMediaReader.Read(part) is { } media) parts.Add(media);
        return new ToolResultPart(id, parts) { IsError = isError };
    }

    /// <summary>
    /// The answer of a function as text. Google's names for the only member: <c>error</c> says that it failed; a text in <c>output</c> (its tools) or in
    /// <c>result</c> (its SDKs) is the answer itself.
    /// </summary>
    private static (string Content, bool IsError) ReadResponse(JsonElement? response)
    {
        if (response is not { } given) return ("", false);
        if (given.GetPropertyCount() != 1) return (given.GetRawText(), false);
        if ((StringIn(given, "output"u8) ?? StringIn(given, "result"u8)) is { } text) return (text, false);
        if (!given.TryGetProperty("error"u8, out var error)) return (given.GetRawText(), false);
        return error.ValueKind switch
        {
            JsonValueKind.String => (error.GetString()!, true),
            JsonValueKind.Object or JsonValueKind.Array => (error.GetRawText(), true),
            _ => (given.GetRawText(), false),
        };
    }

    private static string? StringIn(JsonElement response, ReadOnlySpan<byte> name) =>
        response.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
