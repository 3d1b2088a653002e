using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;
using Members = EdgeRouter.Dialects.OpenAIChat.Requests.OpenAIChatRequestMembers;

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
                json.WriteString("text"u8, text.Text);
                End(text, innerPrefix: null);
                break;
            case RefusalPart refusal:
                Begin("refusal"u8);
                json.WriteString("refusal"u8, refusal.Text);
                End(refusal, innerPrefix: null);
                break;
            case ImagePart image:
                Begin("image_url"u8);
                json.WriteStartObject("image_url"u8);
                json.WriteString("url"u8, image.Url);
                WriteIfGiven("detail"u8, image.Detail);
                EndInner(image, "image_url.");
                break;
            case AudioPart audio:
                Begin("input_audio"u8);
                json.WriteStartObject("input_audio"u8);
                json.WriteString("data"u8, audio.Data);
                json.WriteString("format"u8, audio.Format);
                EndInner(audio, "input_audio.");
                break;
            case VideoPart video:
                Begin("video_url"u8);
                json.WriteStartObject("video_url"u8);
                json.WriteString("url"u8, video.Url);
                EndInner(video, "video_url.");
                break;
            case FilePart file:
                Begin("file"u8);
                json.WriteStartObject("file"u8);
                WriteIfGiven("filename"u8, file.FileName);
                WriteIfGiven("file_data"u8, file.Data);
                WriteIfGiven("file_id"u8, file.FileId);
                EndInner(file, "file.");
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
        json.WriteString("type"u8, type);
    }

    private void EndInner(ContentPart part, string prefix)
    {
        OpenAIChatRequestExtensions.WriteInner(json, part.Extensions, prefix);
        json.WriteEndObject();
        End(part, prefix);
    }

    private void End(ContentPart part, string? innerPrefix)
    {
        if (part.CacheControl is { } marker && target.Takes(RequestParameters.CacheControl, Members.CacheControl.Name, dropped))
        {
            json.WritePropertyName("cache_control"u8);
            OpenAIChatRequestMessageWriter.WriteCacheControl(json, marker);
        }
        OpenAIChatRequestExtensions.WriteOuter(json, part.Extensions, innerPrefix);
        json.WriteEndObject();
    }

    private void WriteIfGiven(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
