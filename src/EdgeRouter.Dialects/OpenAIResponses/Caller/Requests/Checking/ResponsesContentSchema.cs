using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Checking;

/// <summary>Shapes of the parts in the content of messages and in the output of tools.</summary>
internal static class ResponsesContentSchema
{
    private static readonly ObjectMember Type = new("type", AnyShape.Instance, Required: true);
    private static readonly ObjectMember CacheBreakpoint = new("prompt_cache_breakpoint", new BreakpointShape(AnyObject));

    /// <summary>Text of the conversation.</summary>
    public static readonly RequestShape Counted = new NamingShape(new StringShape { CountsAsText = true });

    /// <summary>URL, data or id of media.</summary>
    private static readonly RequestShape Source = new NamingShape(NonEmpty);

    private static readonly RequestShape Text = Part(Type, new ObjectMember("text", Counted, Required: true), CacheBreakpoint);

    private static readonly RequestShape OutputText = Part(Type, new ObjectMember("text", Counted, Required: true),
        new ObjectMember("annotations", new ArrayShape(AnyObject, "expected an array of annotations", RequestBounds.Made)),
        new ObjectMember("logprobs", AnyShape.Instance));

    private static readonly RequestShape Refusal = Part(Type, new ObjectMember("refusal", Counted, Required: true));

    private static readonly RequestShape Image = new ImageShape(
        new ObjectMember("image_url", Source), new ObjectMember("file_id", Source),
        new ObjectMember("detail", new WordShape("auto", "low", "high", "original")), Type, CacheBreakpoint);

    private static readonly RequestShape File = new FileShape(
        new ObjectMember("file_data", Source), new ObjectMember("file_url", Source), new ObjectMember("file_id", Source),
        new ObjectMember("filename", new StringShape { CountsAsText = true }), Type, CacheBreakpoint);

    private static readonly RequestShape Audio = new MediaShape(InputModalities.Audio, Type, CacheBreakpoint, new ObjectMember("input_audio",
        Object(new ObjectMember("data", Source, Required: true), new ObjectMember("format", NonEmpty, Required: true)), Required: true));

    private static readonly RequestShape Video = new MediaShape(InputModalities.Video, Type, CacheBreakpoint,
        new ObjectMember("video_url", Source, Required: true), new ObjectMember("processing", NonEmpty));

    /// <summary>What the user or the application says.</summary>
    public static readonly RequestShape Said = ListOf(("input_text", Text), ("input_image", Image), ("input_file", File), ("input_audio", Audio),
        ("input_video", Video));

    /// <summary>What the model said.</summary>
    public static readonly RequestShape Answered = ListOf(("output_text", OutputText), ("refusal", Refusal), ("input_text", Text));

    /// <summary>What a tool returned.</summary>
    public static readonly RequestShape Returned = ListOf(("input_text", Text), ("input_image", Image), ("input_file", File));

    private static ObjectShape Part(params ObjectMember[] members) => new("expected a content part", UnknownKeys.Tolerated, members);

    private static TokenShape ListOf(params (string Type, RequestShape Shape)[] parts)
    {
        const string Expected = "expected a string or an array of content parts";
        var types = string.Join(", ", parts.Select(part => $"'{part.Type}'"));
        return new TokenShape(Expected,
            (JsonTokenType.String, Counted),
            (JsonTokenType.StartArray, new ArrayShape(
                new TaggedShape("type", "expected a content part", "expected the type of a content part, one of " + types, null, parts), Expected,
                RequestBounds.Parts)));
    }

    /// <summary>A text or media source. In the items that identify the conversation it becomes part of the conversation's hash.</summary>
    private sealed class NamingShape(RequestShape text) : RequestShape(text.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            text.Check(ref cursor);
            var scan = ResponsesScan.Of(cursor);
            if (scan.Conversation.NamesConversation) scan.Conversation.Add(cursor.Value);
        }
    }

    private sealed class BreakpointShape(RequestShape shape) : RequestShape(shape.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            shape.Check(ref cursor);
            cursor.Found.Parameters |= RequestParameters.CacheControl;
        }
    }

    private class MediaShape(InputModalities modality, params ObjectMember[] members) : ObjectShape("expected a content part", UnknownKeys.Tolerated, members)
    {
        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            cursor.Found.MediaCount++;
            if (modality == InputModalities.Image) cursor.Found.ImageCount++;
            cursor.Found.Modalities |= modality;
        }
    }

    /// <summary>Only OpenAI has files of images.</summary>
    private sealed class ImageShape(params ObjectMember[] members) : MediaShape(InputModalities.Image, members)
    {
        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            if ((present & 0b11) == 0) cursor.FailAt(start, "image_url", "required, expected a URL");
            if ((present & 0b01) == 0) ResponsesScan.Of(cursor).RequireNative("an image by file id");
            base.Finish(ref cursor, start, present, unknown);
        }
    }

    private sealed class FileShape(params ObjectMember[] members) : MediaShape(InputModalities.File, members)
    {
        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            if ((present & 0b111) == 0) cursor.FailAt(start, "file_data", "required, expected the data, URL or id of a file");
            base.Finish(ref cursor, start, present, unknown);
        }
    }
}
