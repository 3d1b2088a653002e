using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Validation;
using EdgeRouter.Dialects.Wires;
using Members = EdgeRouter.Dialects.OpenAIChat.Requests.OpenAIChatRequestMembers;
using Parts = EdgeRouter.Dialects.OpenAIChat.Requests.Checking.OpenAIChatRequestPartSchema;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Writing;

/// <summary>Writes content parts for a provider.</summary>
internal readonly struct OpenAIChatRequestPartWriter(Utf8JsonWriter json, WireTarget target, ICollection<string> dropped)
{
    /// <summary>Writes one part.</summary>
    public void Write(ContentPart part)
    {
        switch (part)
        {
            case TextPart text:
                Begin("text"u8);
                json.WriteString(Parts.Text.Utf8Name, text.Text);
                End(text, inner: null);
                break;
            case RefusalPart refusal:
                Begin("refusal"u8);
                json.WriteString(Parts.Refusal.Utf8Name, refusal.Text);
                End(refusal, inner: null);
                break;
            case ImagePart image:
                Begin("image_url"u8);
                json.WriteStartObject(Parts.ImageUrl.Utf8Name);
                json.WriteString(Parts.Url.Utf8Name, image.Url);
                WriteIfGiven(Parts.Detail, image.Detail);
                EndInner(image, Parts.ImageUrl);
                break;
            case AudioPart audio:
                Begin("input_audio"u8);
                json.WriteStartObject(Parts.InputAudio.Utf8Name);
                json.WriteString(Parts.Data.Utf8Name, audio.Data);
                json.WriteString(Parts.Format.Utf8Name, audio.Format);
                EndInner(audio, Parts.InputAudio);
                break;
            case VideoPart video:
                Begin("video_url"u8);
                json.WriteStartObject(Parts.VideoUrl.Utf8Name);
                json.WriteString(Parts.Url.Utf8Name, video.Url);
                EndInner(video, Parts.VideoUrl);
                break;
            case FilePart file:
                Begin("file"u8);
                json.WriteStartObject(Parts.FileMember.Utf8Name);
                WriteIfGiven(Parts.FileName, file.FileName);
                WriteIfGiven(Parts.FileData, file.Data);
                WriteIfGiven(Parts.FileId, file.FileId);
                EndInner(file, Parts.FileMember);
                break;
            case ReasoningPart { IsContent: true, Json: { } block }:
                OpenAIChatRequestWriter.WriteRaw(json, block);
                break;
            default:
                throw new InvalidOperationException($"The wire has no part for {part.GetType().Name}.");
        }
    }

    private void Begin(ReadOnlySpan<byte> type)
    {
        json.WriteStartObject();
        json.WriteString(Parts.Type.Utf8Name, type);
    }

    private void EndInner(ContentPart part, ObjectMember inner)
    {
        OpenAIChatRequestExtensions.WriteInner(json, part.Extensions, inner);
        json.WriteEndObject();
        End(part, inner);
    }

    private void End(ContentPart part, ObjectMember? inner)
    {
        if (part.CacheControl is { } marker && target.Takes(RequestParameters.CacheControl, Members.CacheControl.Name, dropped))
        {
            json.WritePropertyName(Parts.CacheControl.Utf8Name);
            OpenAIChatRequestMessageWriter.WriteCacheControl(json, marker);
        }
        OpenAIChatRequestExtensions.WriteOuter(json, part.Extensions, inner);
        json.WriteEndObject();
    }

    private void WriteIfGiven(ObjectMember member, string? value)
    {
        if (value is not null) json.WriteString(member.Utf8Name, value);
    }
}
