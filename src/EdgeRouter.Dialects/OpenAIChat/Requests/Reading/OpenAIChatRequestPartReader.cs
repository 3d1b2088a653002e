using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.Validation;
using Parts = EdgeRouter.Dialects.OpenAIChat.Requests.Checking.OpenAIChatRequestPartSchema;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Reading;

/// <summary>Reads content parts of a body whose shape was checked.</summary>
internal static class OpenAIChatRequestPartReader
{
    /// <summary>Reads one part. The schema has refused all other types.</summary>
    public static ContentPart Read(JsonElement part)
    {
        var type = part.Text(Parts.Type.Name)!;
        return type switch
        {
            "text" => Finish(part, Parts.TextPart, new TextPart(part.Text(Parts.Text.Name)!)),
            "refusal" => Finish(part, Parts.RefusalPart, new RefusalPart(part.Text(Parts.Refusal.Name)!) { IsContent = true }),
            "image_url" => Finish(part, Parts.ImagePart, Parts.ImageUrl, Parts.Image,
                new ImagePart(Inner(part, Parts.ImageUrl, Parts.Url)!, Inner(part, Parts.ImageUrl, Parts.Detail))),
            "input_audio" => Finish(part, Parts.AudioPart, Parts.InputAudio, Parts.Audio,
                new AudioPart(Inner(part, Parts.InputAudio, Parts.Data)!, Inner(part, Parts.InputAudio, Parts.Format)!)),
            "video_url" or "input_video" => Finish(part, Parts.VideoPart, Parts.VideoUrl, Parts.Video,
                new VideoPart(Inner(part, Parts.VideoUrl, Parts.Url)!)),
            "file" => Finish(part, Parts.FilePart, Parts.FileMember, Parts.File, new FilePart(Inner(part, Parts.FileMember, Parts.FileName),
                Inner(part, Parts.FileMember, Parts.FileData), Inner(part, Parts.FileMember, Parts.FileId))),
            _ => OpenAIChatRequestReasoningReader.ReadContent(type, part) ?? throw new InvalidOperationException($"A part of type '{type}' passed the check."),
        };
    }

    private static string? Inner(JsonElement part, ObjectMember member, ObjectMember inner) => part.GetProperty(member.Utf8Name).Text(inner.Name);

    private static ContentPart Finish(JsonElement part, OpenAIChatObject declared, ObjectMember member, OpenAIChatObject inner, ContentPart read) =>
        Finish(part, read, part.GetProperty(member.Utf8Name).AddUnknown(part.AddUnknown(null, declared.Known), inner.Known, member.Name + "."));

    private static ContentPart Finish(JsonElement part, OpenAIChatObject declared, ContentPart read) =>
        Finish(part, read, part.AddUnknown(null, declared.Known));

    private static ContentPart Finish(JsonElement part, ContentPart read, Dictionary<string, JsonElement>? extensions)
    {
        var marker = OpenAIChatRequestMessageReader.ReadCacheControl(part.Member(Parts.CacheControl.Name))
            ?? (part.Member(Parts.CacheBreakpoint.Name) is null ? null : new CacheControl());
        if (marker is not null) read = read with { CacheControl = marker };
        return extensions is null ? read : read with { Extensions = extensions };
    }
}
