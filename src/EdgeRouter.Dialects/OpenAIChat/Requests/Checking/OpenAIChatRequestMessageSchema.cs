using System.Text.Json;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Checking;

/// <summary>Shapes of messages and content parts. A part of a type without a shape here is refused.</summary>
internal static class OpenAIChatRequestMessageSchema
{
    private static readonly RequestShape Counted = new NamingShape(new StringShape { CountsAsText = true });
    private static readonly RequestShape MediaSource = new NamingShape(NonEmpty);

    private static readonly ObjectMember CacheControl = new("cache_control", OpenAIChatRequestSchema.CacheControl) { CutAs = OpenAIChatEdits.CacheControl };
    private static readonly ObjectMember CacheBreakpoint = new("prompt_cache_breakpoint",
        Object(new ObjectMember("mode", new WordShape("explicit"), Required: true)))
    { CutAs = OpenAIChatEdits.CacheBreakpoint };

    private static readonly RequestShape TextPart = new TextPartShape(Counted, CacheControl, CacheBreakpoint);

    private static readonly RequestShape VideoUrl = Canonical(
        new ObjectMember("url", MediaSource, Required: true),
        new ObjectMember("processing", new WordShape("agentic", "static")));

    private static readonly RequestShape TextParts = new ContentShape("expected a string or a non-empty array of text parts", Counted,
        new TaggedShape("type", "expected a text part", "expected 'text'", null, ("text", TextPart)));

    private static readonly (string Type, RequestShape Shape)[] InputParts =
    [
        ("text", TextPart),
        ("image_url", Media(InputModalities.Image, AnyShape.Instance, new ObjectMember("image_url", Canonical(
            new ObjectMember("url", MediaSource, Required: true),
            new ObjectMember("detail", new WordShape("auto", "low", "high", "original"))), Required: true))),
        ("input_audio", Media(InputModalities.Audio, AnyShape.Instance, new ObjectMember("input_audio", Canonical(
            new ObjectMember("data", MediaSource, Required: true),
            new ObjectMember("format", NonEmpty, Required: true)), Required: true))),
        ("video_url", Media(InputModalities.Video, AnyShape.Instance, new ObjectMember("video_url", VideoUrl, Required: true))),
        ("input_video", Media(InputModalities.Video, new LegacyVideoTypeShape(), new ObjectMember("video_url", VideoUrl, Required: true))),
        ("file", Media(InputModalities.File, AnyShape.Instance, new ObjectMember("file", new FileShape(), Required: true))),
    ];

    private static readonly RequestShape Part = PartOf(
    [
        .. InputParts,
        ("refusal", Canonical(new ObjectMember("type", AnyShape.Instance, Required: true), new ObjectMember("refusal", Counted, Required: true))),
        ("thinking", SignedReasoningShape.Instance),
        ("redacted_thinking", SignedReasoningShape.Instance),
    ]);

    private static readonly RequestShape Content = new ContentShape("expected a string or a non-empty array of content parts", Counted, Part);

    private static readonly RequestShape AssistantContent = new ContentShape("expected a string, an array of content parts or null", Counted, Part)
    { MayBeEmpty = true };

    private static readonly RequestShape ToolCalls = new ArrayShape(new ToolCallShape(Canonical(
        new ObjectMember("name", new NamingShape(new StringShape(min: 1) { CountsAsText = true }), Required: true),
        new ObjectMember("arguments", Counted, Required: true))), "expected an array of tool calls", RequestBounds.ToolCalls);

    private static readonly RequestShape Signature = new SignatureShape(Text);

    private static readonly RequestShape ReasoningDetails = new ArrayShape(
        new TaggedShape("type", "expected a reasoning block", "expected the type of a reasoning block",
        ReasoningBlock(),
        ("reasoning.text", ReasoningBlock(new ObjectMember("text", Text), new ObjectMember("signature", Signature))),
        ("reasoning.summary", ReasoningBlock(new ObjectMember("summary", Text, Required: true))),
        ("reasoning.encrypted", ReasoningBlock(new ObjectMember("data", Signature, Required: true)))), "expected an array of reasoning blocks",
        RequestBounds.ReasoningBlocks);

    private static readonly ObjectMember Role = new("role", AnyShape.Instance, Required: true);
    private static readonly ObjectMember Name = new("name", Text);

    private static readonly RequestShape Instructions = Canonical(Role, new ObjectMember("content", TextParts, Required: true), Name,
        new ObjectMember("configuration_update", Object(new ObjectMember("reasoning", Object(
            new ObjectMember("effort", new WordShape(OpenAIChatRequestSchema.Efforts))), Required: true))));

    private static readonly RequestShape Message = new CountedMessageShape(new TaggedShape("role", "expected a message",
        "expected one of 'system', 'developer', 'user', 'assistant', 'tool'", null,
        ("system", new TurnShape(ConversationTurn.Instructions, Instructions)),
        ("developer", new TurnShape(ConversationTurn.Instructions, Instructions)),
        ("user", new TurnShape(ConversationTurn.User, Canonical(Role, new ObjectMember("content", Content, Required: true), Name))),
        ("assistant", new TurnShape(ConversationTurn.Assistant, new AssistantMessageShape(new ObjectMember("content", AssistantContent), Role, Name,
            new ObjectMember("tool_calls", ToolCalls) { IsCutWhenEmpty = true },
            new ObjectMember("refusal", Text),
            new ObjectMember("reasoning", Text) { CutAs = OpenAIChatEdits.Reasoning },
            new ObjectMember("reasoning_content", Text) { CutAs = OpenAIChatEdits.Reasoning },
            new ObjectMember("reasoning_details", ReasoningDetails) { CutAs = OpenAIChatEdits.ReasoningDetails },
            new ObjectMember("images", new ArrayShape(new MadeMediaShape(InputModalities.Image, new ObjectMember("image_url", Object(
                new ObjectMember("url", Text, Required: true)), Required: true)), "expected an array of images", RequestBounds.Made)),
            new ObjectMember("audio", new MadeMediaShape(InputModalities.Audio, new ObjectMember("id", Text), new ObjectMember("data", Text),
                new ObjectMember("transcript", Text), new ObjectMember("expires_at", new IntegerShape(long.MinValue, long.MaxValue)))),
            new ObjectMember("annotations", new ArrayShape(AnyObject, "expected an array of annotations", RequestBounds.Made)),
            new ObjectMember("model", Text) { CutAs = RequestEdit.Always }))),
        ("tool", new TurnShape(ConversationTurn.Tool, Canonical(Role, new ObjectMember("content", Content, Required: true), Name,
            new ObjectMember("tool_call_id", NonEmpty, Required: true))))));

    /// <summary>A part of what a user gives: text or media.</summary>
    public static readonly RequestShape InputPart = PartOf(InputParts);

    /// <summary><c>messages</c>.</summary>
    public static readonly RequestShape Messages = new ArrayShape(Message, "expected a non-empty array of messages", RequestBounds.Messages, min: 1);

    /// <summary><c>prompt</c>: the legacy form of one user message.</summary>
    public static readonly RequestShape Prompt = new CountedMessageShape(
        new TurnShape(ConversationTurn.User, new NamingShape(new StringShape(min: 1) { CountsAsText = true })));

    /// <summary>An object that becomes a canonical type.</summary>
    public static CanonicalShape Canonical(params ObjectMember[] members) => new("expected an object", members);

    private static TaggedShape PartOf(params (string Type, RequestShape Shape)[] parts)
    {
        var types = string.Join(", ", parts.Select(part => $"'{part.Type}'"));
        return new TaggedShape("type", "expected a content part", $"expected the type of a content part, one of {types}", null, parts);
    }

    private static MediaPartShape Media(InputModalities modality, RequestShape type, ObjectMember media) =>
        new(modality, new ObjectMember("type", type, Required: true), media, CacheControl, CacheBreakpoint);

    private static void Count(ScannedRequest found, InputModalities modality)
    {
        found.MediaCount++;
        if (modality == InputModalities.Image) found.ImageCount++;
        found.Modalities |= modality;
    }

    private static ObjectShape ReasoningBlock(params ObjectMember[] members) => Object(
        [.. members, new ObjectMember("id", Text), new ObjectMember("format", Text), new ObjectMember("index", new IntegerShape(0, int.MaxValue))]);

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

    private sealed class TextPartShape(RequestShape text, params ObjectMember[] markers) : CanonicalShape("expected a text part",
        [new ObjectMember("type", AnyShape.Instance, Required: true), new ObjectMember("text", new PlainTextShape(text), Required: true), .. markers])
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
    private sealed class NamingShape(RequestShape text) : RequestShape(text.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            text.Check(ref cursor);
            var scan = OpenAIChatScan.Of(cursor);
            if (scan.Conversation.NamesConversation) scan.Conversation.Add(cursor.Value);
        }
    }

    private sealed class MediaPartShape(InputModalities modality, params ObjectMember[] members) : CanonicalShape("expected a content part", members)
    {
        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown) => Count(cursor.Found, modality);
    }

    /// <summary>An image or a sound that the model made in an earlier turn. It is charged like one of the user's.</summary>
    /// <param name="modality">What it is.</param>
    /// <param name="members">Its members. The first two hold it or name it.</param>
    private sealed class MadeMediaShape(InputModalities modality, params ObjectMember[] members)
        : ObjectShape("expected an object", UnknownKeys.Tolerated, members)
    {
        private const ulong Source = 0b11;

        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            if ((present & Source) != 0) Count(cursor.Found, modality);
        }
    }

    private sealed class LegacyVideoTypeShape() : RequestShape("expected 'input_video'")
    {
        public override void Check(ref RequestCursor cursor) => cursor.AddEdit(OpenAIChatEdits.Put(OpenAIChatEdits.LegacyVideoType, cursor.Start, cursor.End));
    }

    private sealed class FileShape() : CanonicalShape("expected an object with file_data or file_id",
        new ObjectMember("file_data", MediaSource), new ObjectMember("file_id", MediaSource), new ObjectMember("filename", Text))
    {
        private const ulong DataOrId = 0b11;

        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            if ((present & DataOrId) == 0) cursor.FailAt(start, "file_data", "required, unless there is a file_id");
        }
    }

    private sealed class ToolCallShape(RequestShape function) : CanonicalShape("expected a tool call",
        new ObjectMember("type", new WordShape("function")), new ObjectMember("id", NonEmpty, Required: true),
        new ObjectMember("function", function, Required: true))
    {
        private const ulong Type = 0b1;

        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            OpenAIChatScan.Of(cursor).Conversation.AddToolCall();
            if ((present & Type) == 0) cursor.AddEdit(OpenAIChatEdits.Put(OpenAIChatEdits.MissingToolCallType, cursor.Start, cursor.Start));
        }
    }

    private sealed class AssistantMessageShape(params ObjectMember[] contentThenOthers) : CanonicalShape("expected a message", contentThenOthers)
    {
        private const ulong Content = 0b1;

        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            if ((present & Content) == 0) cursor.AddEdit(OpenAIChatEdits.Put(OpenAIChatEdits.MissingContent, cursor.Start, cursor.Start));
        }
    }

    private sealed class TurnShape(ConversationTurn turn, RequestShape message) : RequestShape(message.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            var scan = OpenAIChatScan.Of(cursor);
            scan.Conversation.BeginTurn(turn);
            message.Check(ref cursor);
            scan.Conversation.EndTurn();
        }
    }

    /// <summary>What only the provider that wrote it can read or verify.</summary>
    private sealed class SignatureShape(RequestShape text) : RequestShape(text.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            text.Check(ref cursor);
            if (cursor.TextLength > 0) OpenAIChatScan.Of(cursor).Conversation.HasSignedReasoning = true;
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

    private sealed class CountedMessageShape(RequestShape message) : RequestShape(message.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            cursor.Found.MessageCount++;
            message.Check(ref cursor);
        }
    }
}
