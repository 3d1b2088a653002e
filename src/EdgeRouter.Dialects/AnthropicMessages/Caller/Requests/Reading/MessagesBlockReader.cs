using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.Reading;

/// <summary>Reads content blocks of a body whose shape was checked. Stateless and thread-safe.</summary>
internal static class MessagesBlockReader
{
    /// <summary>Reads one block; null: only Anthropic's API has such a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="thoughts">Reasoning blocks of the turn so far.</param>
    public static ContentPart? Read(JsonElement block, ref int thoughts)
    {
        ContentPart? part = block.Text("type") switch
        {
            "text" => new TextPart(block.Text("text")!),
            "image" => ReadImage(block.GetProperty("source")),
            "document" => ReadDocument(block),
            "thinking" => ReadThinking(block, thoughts++),
            "redacted_thinking" => ReadRedacted(block, thoughts++),
            "tool_use" => new ToolCallPart(block.Text("id")!, block.Text("name")!, block.GetProperty("input").GetRawText()),
            "tool_result" => new ToolResultPart(block.Text("tool_use_id")!, ReadResult(block.Member("content")))
            {
                IsError = block.Member("is_error")?.GetBoolean() == true,
            },
            _ => null,
        };
        return part is not null && ReadMarker(block.Member("cache_control")) is { } marker ? part with { CacheControl = marker } : part;
    }

    /// <summary>Reads a cache marker.</summary>
    public static CacheControl? ReadMarker(JsonElement? marker) => marker is { } given ? new CacheControl(given.Text("ttl")) : null;

    private static List<ContentPart> ReadResult(JsonElement? content)
    {
        if (content is not { } given) return [];
        if (given.ValueKind == JsonValueKind.String) return [new TextPart(given.GetString()!)];
        var parts = new List<ContentPart>(given.GetArrayLength());
        var thoughts = 0;
        foreach (var block in given.EnumerateArray())
            if (Read(block, ref thoughts) is { } part) parts.Add(part);
        return parts;
    }

    private static ImagePart? ReadImage(JsonElement source) => source.Text("type") switch
    {
        "base64" => new ImagePart(DataUrl(source.Text("media_type")!, source.Text("data")!)),
        "url" => new ImagePart(source.Text("url")!),
        _ => null,
    };

    private static FilePart? ReadDocument(JsonElement block)
    {
        var source = block.GetProperty("source");
        var title = block.Text("title");
        return source.Text("type") switch
        {
            "base64" => new FilePart(title, DataUrl(source.Text("media_type")!, source.Text("data")!), null),
            "text" => new FilePart(title, DataUrl("text/plain", Convert.ToBase64String(Encoding.UTF8.GetBytes(source.Text("data")!))), null),
            "url" => new FilePart(title, source.Text("url"), null),
            "file" => new FilePart(title, null, source.Text("file_id")),
            _ => null,
        };
    }

    private static ReasoningPart ReadThinking(JsonElement block, int index)
    {
        var text = block.Text("thinking");
        if (block.Text("signature") is not { Length: > 0 } signature) return new ReasoningPart(ReasoningKind.Plain) { Text = text };
        var (format, id, own) = MessagesThought.Origin.Read(signature);
        return new ReasoningPart(ReasoningKind.Text) { Text = text, Signature = own, Format = format, Id = id, Index = index };
    }

    private static ReasoningPart ReadRedacted(JsonElement block, int index)
    {
        var (format, id, data) = MessagesThought.Origin.Read(block.Text("data")!);
        return new ReasoningPart(ReasoningKind.Encrypted) { Data = data, Format = format, Id = id, Index = index };
    }

    private static string DataUrl(string mediaType, string base64) => $"data:{mediaType};base64,{base64}";
}
