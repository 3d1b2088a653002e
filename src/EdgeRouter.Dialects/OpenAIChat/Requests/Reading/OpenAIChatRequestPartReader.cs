using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Reading;

/// <summary>Reads content parts of a body whose shape was checked.</summary>
internal static class OpenAIChatRequestPartReader
{
    /// <summary>Reads one part. The schema has refused all other types.</summary>
    public static ContentPart Read(JsonElement part)
    {
        var type = part.Text("type")!;
        return type switch
        {
            "text" => Finish(part, "text", [], new TextPart(part.Text("text")!)),
            "refusal" => Finish(part, "refusal", [], new RefusalPart(part.Text("refusal")!) { IsContent = true }),
            "image_url" => Finish(part, "image_url", ["url", "detail"], new ImagePart(Inner(part, "image_url", "url")!, Inner(part, "image_url", "detail"))),
            "input_audio" =>
                Finish(part, "input_audio", ["data", "format"], new AudioPart(Inner(part, "input_audio", "data")!, Inner(part, "input_audio", "format")!)),
            "video_url" or "input_video" => Finish(part, "video_url", ["url"], new VideoPart(Inner(part, "video_url", "url")!)),
            "file" => Finish(part, "file", ["filename", "file_data", "file_id"],
                new FilePart(Inner(part, "file", "filename"), Inner(part, "file", "file_data"), Inner(part, "file", "file_id"))),
            _ => OpenAIChatRequestReasoningReader.ReadContent(type, part) ?? throw new InvalidOperationException($"A part of type '{type}' passed the check."),
        };
    }

    private static string? Inner(JsonElement part, string member, string inner) => part.GetProperty(member).Text(inner);

    private static ContentPart Finish(JsonElement part, string member, ReadOnlySpan<string> innerMembers, ContentPart read)
    {
        var extensions = part.AddUnknown(null, ["type", "cache_control", "prompt_cache_breakpoint", member]);
        if (part.GetProperty(member) is { ValueKind: JsonValueKind.Object } inner) extensions = inner.AddUnknown(extensions, innerMembers, member + ".");
        var marker = OpenAIChatRequestMessageReader.ReadCacheControl(part.Member("cache_control"))
            ?? (part.Member("prompt_cache_breakpoint") is null ? null : new CacheControl());
        if (marker is not null) read = read with { CacheControl = marker };
        return extensions is null ? read : read with { Extensions = extensions };
    }
}
