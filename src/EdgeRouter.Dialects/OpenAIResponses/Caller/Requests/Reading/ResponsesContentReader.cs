using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Reading;

/// <summary>Reads parts of content of a body whose shape was checked. Stateless and thread-safe.</summary>
internal static class ResponsesContentReader
{
    /// <summary>Reads one part; null: only OpenAI's API has such a part.</summary>
    public static ContentPart? Read(JsonElement part)
    {
        ContentPart? read = part.Text("type") switch
        {
            "input_text" or "output_text" => new TextPart(part.Text("text")!),
            "refusal" => new RefusalPart(part.Text("refusal")!),
            "input_image" => part.Text("image_url") is { } url ? new ImagePart(url, part.Text("detail")) : null,
            "input_file" => new FilePart(part.Text("filename"), part.Text("file_data") ?? part.Text("file_url"), part.Text("file_id")),
            "input_audio" => ReadAudio(part.GetProperty("input_audio")),
            "input_video" => new VideoPart(part.Text("video_url")!),
            _ => null,
        };
        return read is not null && part.Member("prompt_cache_breakpoint") is not null ? read with { CacheControl = new CacheControl() } : read;
    }

    /// <summary>Reads the output of a tool.</summary>
    public static IReadOnlyList<ContentPart> ReadOutput(JsonElement output)
    {
        if (output.ValueKind == JsonValueKind.String) return [new TextPart(output.GetString()!)];
        var parts = new List<ContentPart>(output.GetArrayLength());
        foreach (var part in output.EnumerateArray())
            if (Read(part) is { } read) parts.Add(read);
        return parts;
    }

    private static AudioPart ReadAudio(JsonElement audio) => new(audio.Text("data")!, audio.Text("format")!);
}
