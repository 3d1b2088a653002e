using System.Text.Json;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.Checking;

/// <summary>Shapes of content blocks. A block of a type without a shape here is refused.</summary>
internal static class MessagesBlockSchema
{
    /// <summary>Blocks that only Anthropic's API has: what its server tools did, and what only its models read.</summary>
    private static readonly string[] NativeTypes =
    [
        "server_tool_use", "web_search_tool_result", "web_fetch_tool_result", "code_execution_tool_result", "bash_code_execution_tool_result",
        "text_editor_code_execution_tool_result", "tool_search_tool_result", "mcp_tool_use", "mcp_tool_result", "advisor_tool_result", "container_upload",
        "search_result", "compaction", "tool_reference", "tool_addition", "tool_removal",
    ];

    private static readonly ObjectMember Type = new("type", AnyShape.Instance, Required: true);
    private static readonly ObjectMember CacheControl = new("cache_control", MessagesOptionSchema.CacheControl) { CutAs = MessagesEdits.CacheControl };
    private static readonly RequestShape MediaSource = new NamingShape(NonEmpty);

    /// <summary>Text of the conversation.</summary>
    public static readonly RequestShape Counted = new NamingShape(new StringShape { CountsAsText = true });

    private static readonly RequestShape TextBlock = Canonical(Type, new ObjectMember("text", Counted, Required: true), CacheControl,
        new ObjectMember("citations", new ArrayShape(AnyObject, "expected an array of citations", RequestBounds.Made)));

    private static readonly RequestShape Image = new MediaShape(InputModalities.Image, Type, CacheControl, new ObjectMember("source", SourceOf(
        ("base64", Source(new ObjectMember("media_type", new WordShape("image/jpeg", "image/png", "image/gif", "image/webp"), Required: true),
            new ObjectMember("data", MediaSource, Required: true))),
        ("url", Source(new ObjectMember("url", MediaSource, Required: true))),
        ("file", new NativeShape("an image of type 'file'", Source(new ObjectMember("file_id", MediaSource, Required: true))))), Required: true));

    private static readonly RequestShape Document = new MediaShape(InputModalities.File, Type, CacheControl, new ObjectMember("source", SourceOf(
        ("base64", Source(new ObjectMember("media_type", new WordShape("application/pdf"), Required: true),
            new ObjectMember("data", MediaSource, Required: true))),
        ("text", Source(new ObjectMember("media_type", new WordShape("text/plain"), Required: true), new ObjectMember("data", Counted, Required: true))),
        ("url", Source(new ObjectMember("url", MediaSource, Required: true))),
        ("file", Source(new ObjectMember("file_id", MediaSource, Required: true))),
        ("content", new NativeShape("a document of type 'content'", AnyObject))), Required: true),
        new ObjectMember("title", new StringShape { CountsAsText = true }),
        new ObjectMember("context", new UncarriedShape("messages.content.context", new StringShape { CountsAsText = true })),
        new ObjectMember("citations", new UncarriedShape("messages.content.citations", Object(new ObjectMember("enabled", Flag)))));

    private static readonly (string Type, RequestShape Shape)[] Natives = [.. NativeTypes.Select(type => (type, (RequestShape)new NativeBlockShape(type)))];

    private static readonly RequestShape ToolResult = new ToolResultShape(Type, CacheControl,
        new ObjectMember("tool_use_id", NonEmpty, Required: true),
        new ObjectMember("is_error", Flag),
        new ObjectMember("content", ListOf("expected a string or an array of content blocks",
            [("text", TextBlock), ("image", Image), ("document", Document), .. Natives])));

    private static readonly RequestShape ToolUse = new ToolUseShape(Type, CacheControl,
        new ObjectMember("id", NonEmpty, Required: true),
        new ObjectMember("name", new NamingShape(new StringShape(min: 1) { CountsAsText = true }), Required: true),
        new ObjectMember("input", new InputShape(), Required: true));

    private static readonly RequestShape Thinking = new ReasoningShape(Object(Type, new ObjectMember("thinking", Text, Required: true),
        new ObjectMember("signature", new SignatureShape(Text))));

    private static readonly RequestShape Redacted = Object(Type, new ObjectMember("data", new SignatureShape(NonEmpty), Required: true));

    /// <summary>What a user says.</summary>
    public static readonly RequestShape User = ListOf("expected a string or an array of content blocks",
        [("text", TextBlock), ("image", Image), ("document", Document), ("tool_result", ToolResult), .. Natives]);

    /// <summary>What the model said.</summary>
    public static readonly RequestShape Assistant = ListOf("expected a string or an array of content blocks",
        [("text", TextBlock), ("thinking", Thinking), ("redacted_thinking", Redacted), ("tool_use", ToolUse), .. Natives]);

    /// <summary>Instructions.</summary>
    public static readonly RequestShape Instructions = ListOf("expected a string or an array of text blocks", [("text", TextBlock)]);

    private static CanonicalShape Canonical(params ObjectMember[] members) => new("expected a content block", members);

    private static ObjectShape Source(params ObjectMember[] members) => Object([Type, .. members]);

    private static TaggedShape SourceOf(params (string Type, RequestShape Shape)[] sources) =>
        new TaggedShape("type", "expected an object with a type", "expected " + Listed(sources), null, sources);

    private static TokenShape ListOf(string expected, (string Type, RequestShape Shape)[] blocks) => new TokenShape(expected,
        (JsonTokenType.String, Counted),
        (JsonTokenType.StartArray, new ArrayShape(new TaggedShape("type", "expected a content block",
            "expected the type of a content block, " + Listed(blocks), null, blocks), expected, RequestBounds.Parts)));

    private static string Listed((string Type, RequestShape Shape)[] variants) =>
        "one of " + string.Join(", ", variants.Select(variant => $"'{variant.Type}'"));

    /// <summary>A text or media source. In the messages that identify the conversation it becomes part of the conversation's hash.</summary>
    private sealed class NamingShape(RequestShape text) : RequestShape(text.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            text.Check(ref cursor);
            var scan = MessagesScan.Of(cursor);
            if (scan.Conversation.NamesConversation) scan.Conversation.Add(cursor.Value);
        }
    }

    private sealed class MediaShape(InputModalities modality, params ObjectMember[] members) : CanonicalShape("expected a content block", members)
    {
        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            cursor.Found.MediaCount++;
            if (modality == InputModalities.Image) cursor.Found.ImageCount++;
            cursor.Found.Modalities |= modality;
        }
    }

    private sealed class ToolResultShape(params ObjectMember[] members) : CanonicalShape("expected the result of a tool", members)
    {
        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown) =>
            MessagesScan.Of(cursor).Conversation.AddToolResult();
    }

    private sealed class ToolUseShape(params ObjectMember[] members) : CanonicalShape("expected a call of a tool", members)
    {
        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown) => MessagesScan.Of(cursor).Conversation.AddToolCall();
    }

    /// <summary>Arguments of a call, as the model wrote them.</summary>
    private sealed class InputShape() : RequestShape("expected an object")
    {
        public override void Check(ref RequestCursor cursor)
        {
            if (cursor.Token != JsonTokenType.StartObject) cursor.Fail(Expected);
            var start = cursor.Start;
            cursor.Skip();
            cursor.Found.TextBytes += cursor.End - start;
        }
    }

    /// <summary>Thinking. Without a signature no model of Anthropic's wrote it.</summary>
    private sealed class ReasoningShape(RequestShape block) : RequestShape(block.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            var scan = MessagesScan.Of(cursor);
            var (others, signed) = (scan.HasOtherReasoning, scan.Conversation.HasSignedReasoning);
            scan.Conversation.HasSignedReasoning = false;
            block.Check(ref cursor);
            scan.HasOtherReasoning = others || scan.HasOtherReasoning || !scan.Conversation.HasSignedReasoning;
            scan.Conversation.HasSignedReasoning |= signed;
        }
    }

    /// <summary>What only the provider that wrote it can read or verify.</summary>
    private sealed class SignatureShape(RequestShape text) : RequestShape(text.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            text.Check(ref cursor);
            if (cursor.TextLength == 0) return;
            var scan = MessagesScan.Of(cursor);
            scan.Conversation.HasSignedReasoning = true;
            scan.HasOtherReasoning |= SignatureOrigin.IsMarked(cursor.Value);
        }
    }

    /// <summary>What the content model has no place for, and what an answer does not need.</summary>
    private sealed class UncarriedShape(string name, RequestShape shape) : RequestShape(shape.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            MessagesScan.Of(cursor).AddUncarried(name);
            shape.Check(ref cursor);
        }
    }

    /// <summary>What only Anthropic's API has.</summary>
    private sealed class NativeShape(string what, RequestShape shape) : RequestShape(shape.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            MessagesScan.Of(cursor).RequireNative(what);
            shape.Check(ref cursor);
        }
    }

    /// <summary>A block that only Anthropic's API has. All of it counts as text of the prompt.</summary>
    private sealed class NativeBlockShape(string type) : RequestShape("expected a content block")
    {
        public override void Check(ref RequestCursor cursor)
        {
            MessagesScan.Of(cursor).RequireNative($"a block of type '{type}'");
            var start = cursor.Start;
            cursor.SkipUnique();
            cursor.Found.TextBytes += cursor.End - start;
        }
    }
}
