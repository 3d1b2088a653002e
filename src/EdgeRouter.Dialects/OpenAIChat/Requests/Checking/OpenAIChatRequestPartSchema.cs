using System.Text.Json;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Checking;

/// <summary>Content parts: their members, each declared once, and their shapes. A part of a type without a shape here is refused.</summary>
internal static class OpenAIChatRequestPartSchema
{
    /// <summary>A text that counts as prompt and identifies the conversation.</summary>
    public static readonly RequestShape Counted = new NamingShape(new StringShape { CountsAsText = true });

    private static readonly RequestShape MediaSource = new NamingShape(NonEmpty);

    // Of every part.
    public static readonly ObjectMember Type = new("type", AnyShape.Instance, Required: true);
    public static readonly ObjectMember CacheControl = new("cache_control", OpenAIChatRequestSchema.CacheControl) { CutAs = OpenAIChatEdits.CacheControl };
    public static readonly ObjectMember CacheBreakpoint = new("prompt_cache_breakpoint",
        Object(new ObjectMember("mode", new WordShape("explicit"), Required: true)))
    { CutAs = OpenAIChatEdits.CacheBreakpoint };

    // Texts.
    public static readonly ObjectMember Text = new("text", new PlainTextShape(Counted), Required: true);
    public static readonly OpenAIChatObject TextPart = new(Type, Text, CacheControl, CacheBreakpoint);
    public static readonly ObjectMember Refusal = new("refusal", Counted, Required: true);
    public static readonly OpenAIChatObject RefusalPart = new(Type, Refusal, CacheControl, CacheBreakpoint);

    // Images.
    public static readonly ObjectMember Url = new("url", MediaSource, Required: true);
    public static readonly ObjectMember Detail = new("detail", new WordShape("auto", "low", "high", "original"));
    public static readonly OpenAIChatObject Image = new(Url, Detail);
    public static readonly ObjectMember ImageUrl = new("image_url", Image.Shape, Required: true);
    public static readonly OpenAIChatObject ImagePart = new(Type, ImageUrl, CacheControl, CacheBreakpoint);

    // Sound.
    public static readonly ObjectMember Data = new("data", MediaSource, Required: true);
    public static readonly ObjectMember Format = new("format", NonEmpty, Required: true);
    public static readonly OpenAIChatObject Audio = new(Data, Format);
    public static readonly ObjectMember InputAudio = new("input_audio", Audio.Shape, Required: true);
    public static readonly OpenAIChatObject AudioPart = new(Type, InputAudio, CacheControl, CacheBreakpoint);

    // Videos, under two types.
    public static readonly ObjectMember Processing = new("processing", new WordShape("agentic", "static")) { IsExtension = true };
    public static readonly OpenAIChatObject Video = new(Url, Processing);
    public static readonly ObjectMember VideoUrl = new("video_url", Video.Shape, Required: true);
    public static readonly OpenAIChatObject VideoPart = new(Type, VideoUrl, CacheControl, CacheBreakpoint);
    private static readonly OpenAIChatObject LegacyVideoPart =
        new(Type with { Shape = new LegacyVideoTypeShape() }, VideoUrl, CacheControl, CacheBreakpoint);

    // Files, with their bytes or by their id.
    public static readonly ObjectMember FileData = new("file_data", MediaSource);
    public static readonly ObjectMember FileId = new("file_id", MediaSource);
    public static readonly ObjectMember FileName = new("filename", CommonShapes.Text);
    public static readonly OpenAIChatObject File = new(FileData, FileId, FileName);
    public static readonly ObjectMember FileMember = new("file", new FileShape(File.Members), Required: true);
    public static readonly OpenAIChatObject FilePart = new(Type, FileMember, CacheControl, CacheBreakpoint);

    private static readonly RequestShape CheckedText = new TextPartShape(TextPart.Members);

    private static readonly (string Type, RequestShape Shape)[] InputParts =
    [
        ("text", CheckedText),
        ("image_url", new MediaPartShape(InputModalities.Image, ImagePart.Members)),
        ("input_audio", new MediaPartShape(InputModalities.Audio, AudioPart.Members)),
        ("video_url", new MediaPartShape(InputModalities.Video, VideoPart.Members)),
        ("input_video", new MediaPartShape(InputModalities.Video, LegacyVideoPart.Members)),
        ("file", new MediaPartShape(InputModalities.File, FilePart.Members)),
    ];

    /// <summary>A part of what a user gives: text or media.</summary>
    public static readonly RequestShape InputPart = PartOf(InputParts);

    private static readonly RequestShape Part = PartOf(
    [
        .. InputParts,
        ("refusal", RefusalPart.Shape),
        ("thinking", SignedReasoningShape.Instance),
        ("redacted_thinking", SignedReasoningShape.Instance),
    ]);

    /// <summary>Content of a system or developer message.</summary>
    public static readonly RequestShape TextParts = new ContentShape("expected a string or a non-empty array of text parts", Counted,
        new TaggedShape("type", "expected a text part", "expected 'text'", null, ("text", CheckedText)));

    /// <summary>Content of a user or tool message.</summary>
    public static readonly RequestShape Content = new ContentShape("expected a string or a non-empty array of content parts", Counted, Part);

    /// <summary>Content of an assistant message.</summary>
    public static readonly RequestShape AssistantContent = new ContentShape("expected a string, an array of content parts or null", Counted, Part)
    { MayBeEmpty = true };

    /// <summary>Counts a part of that modality.</summary>
    public static void Count(ScannedRequest found, InputModalities modality)
    {
        found.MediaCount++;
        if (modality == InputModalities.Image) found.ImageCount++;
        found.Modalities |= modality;
    }

    private static TaggedShape PartOf(params (string Type, RequestShape Shape)[] parts)
    {
        var types = string.Join(", ", parts.Select(part => $"'{part.Type}'"));
        return new TaggedShape("type", "expected a content part", $"expected the type of a content part, one of {types}", null, parts);
    }

    /// <summary>Content: a text, or parts. A list of one plain text is the same as the text.</summary>
    private sealed class ContentShape(string expected, RequestShape text, RequestShape part) : RequestShape(expected)
    {
        public bool MayBeEmpty { get; init; }

        public override void Check(ref RequestCursor cursor)
        {
            if (cursor.Token == JsonTokenType.String) text.Check(ref cursor);
            else if (cursor.Token == JsonTokenType.StartArray) CheckParts(ref cursor);
            else cursor.Fail(Expected);
        }

        private void CheckParts(ref RequestCursor cursor)
        {
            var scan = OpenAIChatScan.Of(cursor);
            var (start, editsBefore, count) = (cursor.Start, cursor.EditCount, 0);
            while (cursor.Read() != JsonTokenType.EndArray)
            {
                if (++count > RequestBounds.Parts) cursor.FailAt(start, "", $"expected at most {RequestBounds.Parts} items");
                scan.Conversation.PlainText = default;
                part.Check(ref cursor);
            }
            if (count == 0 && !MayBeEmpty) cursor.FailAt(start, "", Expected);
            if (count == 0) cursor.AddEdit(OpenAIChatEdits.Put(OpenAIChatEdits.EmptyContent, start, cursor.End));
            var (textStart, textEnd) = scan.Conversation.PlainText;
            if (count != 1 || textEnd == 0) return;
            cursor.ForgetEdits(editsBefore);
            cursor.AddEdit(new RequestEdit(RequestEditKind.Keep, OpenAIChatEdits.SingleText, start, cursor.End, textStart, textEnd));
        }
    }

    /// <summary>Part of plain text if it has no members but the first two, type and text.</summary>
    private sealed class TextPartShape(ObjectMember[] members) : CanonicalShape("expected a text part", members)
    {
        private const ulong TypeAndText = 0b11;

        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            if (present != TypeAndText || unknown) OpenAIChatScan.Of(cursor).Conversation.PlainText = default;
        }
    }

    private sealed class PlainTextShape(RequestShape text) : RequestShape(text.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            text.Check(ref cursor);
            OpenAIChatScan.Of(cursor).Conversation.PlainText = (cursor.Start, cursor.End);
        }
    }

    /// <summary>A text or media source. In the messages that identify the conversation it becomes part of the conversation's hash.</summary>
    internal sealed class NamingShape(RequestShape text) : RequestShape(text.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            text.Check(ref cursor);
            var scan = OpenAIChatScan.Of(cursor);
            if (scan.Conversation.NamesConversation) scan.Conversation.Add(cursor.Value);
        }
    }

    private sealed class MediaPartShape(InputModalities modality, ObjectMember[] members) : CanonicalShape("expected a content part", members)
    {
        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown) => Count(cursor.Found, modality);
    }

    private sealed class LegacyVideoTypeShape() : RequestShape("expected 'input_video'")
    {
        public override void Check(ref RequestCursor cursor) => cursor.AddEdit(OpenAIChatEdits.Put(OpenAIChatEdits.LegacyVideoType, cursor.Start, cursor.End));
    }

    /// <summary>A file has one of its first two members.</summary>
    private sealed class FileShape(ObjectMember[] members) : CanonicalShape("expected an object with file_data or file_id", members)
    {
        private const ulong DataOrId = 0b11;

        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            if ((present & DataOrId) == 0) cursor.FailAt(start, FileData.Name, "required, unless there is a file_id");
        }
    }

    /// <summary>A block of reasoning in the format of a provider that signs every block.</summary>
    private sealed class SignedReasoningShape() : RequestShape("expected a reasoning block")
    {
        public static readonly SignedReasoningShape Instance = new();

        public override void Check(ref RequestCursor cursor)
        {
            OpenAIChatScan.Of(cursor).Conversation.HasSignedReasoning = true;
            cursor.SkipUnique();
        }
    }
}
