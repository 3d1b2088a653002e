using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;
using Parts = EdgeRouter.Dialects.OpenAIChat.Requests.Checking.OpenAIChatRequestPartSchema;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Checking;

/// <summary>Messages: their members, each declared once, and their shapes.</summary>
internal static class OpenAIChatRequestMessageSchema
{
    // Calls of tools.
    public static readonly ObjectMember CallType = new("type", new WordShape("function"));
    public static readonly ObjectMember CallId = new("id", NonEmpty, Required: true);
    public static readonly ObjectMember FunctionName =
        new("name", new Parts.NamingShape(new StringShape(min: 1) { CountsAsText = true }), Required: true);
    public static readonly ObjectMember Arguments = new("arguments", Parts.Counted, Required: true);
    public static readonly OpenAIChatObject CalledFunction = new(FunctionName, Arguments);
    public static readonly ObjectMember Function = new("function", CalledFunction.Shape, Required: true);
    public static readonly OpenAIChatObject ToolCall = new(CallType, CallId, Function);

    // Blocks of reasoning.
    private static readonly RequestShape SignatureText = new SignatureShape(Text);
    public static readonly ObjectMember BlockType = new("type", AnyShape.Instance, Required: true);
    public static readonly ObjectMember BlockText = new("text", Text);
    public static readonly ObjectMember BlockSignature = new("signature", SignatureText);
    public static readonly ObjectMember BlockSummary = new("summary", Text, Required: true);
    public static readonly ObjectMember BlockData = new("data", SignatureText, Required: true);
    public static readonly ObjectMember BlockId = new("id", Text);
    public static readonly ObjectMember BlockFormat = new("format", Text);
    public static readonly ObjectMember BlockIndex = new("index", new IntegerShape(0, int.MaxValue));

    private static readonly RequestShape ReasoningBlocks = new ArrayShape(
        new TaggedShape(BlockType.Name, "expected a reasoning block", "expected the type of a reasoning block",
            ReasoningBlock(),
            ("reasoning.text", ReasoningBlock(BlockText, BlockSignature)),
            ("reasoning.summary", ReasoningBlock(BlockSummary)),
            ("reasoning.encrypted", ReasoningBlock(BlockData))), "expected an array of reasoning blocks", RequestBounds.ReasoningBlocks);

    // Of every message.
    public static readonly ObjectMember Role = new("role", AnyShape.Instance, Required: true);
    public static readonly ObjectMember Content = new("content", Parts.Content, Required: true);
    public static readonly ObjectMember Name = new("name", Text);

    // Of the assistant's. Images and annotations are extensions where the reader finds no parts in them.
    public static readonly ObjectMember ToolCalls = new("tool_calls",
        new ArrayShape(new ToolCallShape(ToolCall.Members), "expected an array of tool calls", RequestBounds.ToolCalls))
    { IsCutWhenEmpty = true };
    public static readonly ObjectMember Refusal = new("refusal", Text);
    public static readonly ObjectMember Reasoning = new("reasoning", Text) { CutAs = OpenAIChatEdits.Reasoning };
    public static readonly ObjectMember ReasoningContent = new("reasoning_content", Text) { CutAs = OpenAIChatEdits.Reasoning };
    public static readonly ObjectMember ReasoningDetails = new("reasoning_details", ReasoningBlocks) { CutAs = OpenAIChatEdits.ReasoningDetails };
    public static readonly ObjectMember Images = new("images", new ArrayShape(new MadeMediaShape(InputModalities.Image, new ObjectMember("image_url", Object(
        new ObjectMember("url", Text, Required: true)), Required: true)), "expected an array of images", RequestBounds.Made))
    { IsExtension = true };
    public static readonly ObjectMember Audio = new("audio", new MadeMediaShape(InputModalities.Audio, new ObjectMember("id", Text),
        new ObjectMember("data", Text), new ObjectMember("transcript", Text), new ObjectMember("expires_at", new IntegerShape(long.MinValue, long.MaxValue))))
    { IsExtension = true };
    public static readonly ObjectMember Annotations =
        new(OpenAIChatAnnotations.Member, new ArrayShape(AnyObject, "expected an array of annotations", RequestBounds.Made)) { IsExtension = true };
    public static readonly ObjectMember Model = new("model", Text) { CutAs = RequestEdit.Always, IsExtension = true };

    // Of other roles.
    public static readonly ObjectMember ToolCallId = new("tool_call_id", NonEmpty, Required: true);
    public static readonly ObjectMember ConfigurationUpdate = new("configuration_update", Object(new ObjectMember("reasoning", Object(
        new ObjectMember("effort", new WordShape(OpenAIChatRequestSchema.Efforts))), Required: true)))
    { IsExtension = true };

    public static readonly OpenAIChatObject Instructions = new(Role, Content with { Shape = Parts.TextParts }, Name, ConfigurationUpdate);
    public static readonly OpenAIChatObject User = new(Role, Content, Name);
    public static readonly OpenAIChatObject Assistant = new(Content with { Shape = Parts.AssistantContent, Required = false }, Role, Name, ToolCalls, Refusal,
        Reasoning, ReasoningContent, ReasoningDetails, Images, Audio, Annotations, Model);
    public static readonly OpenAIChatObject Tool = new(Role, Content, Name, ToolCallId);

    private static readonly RequestShape Message = new CountedMessageShape(new TaggedShape(Role.Name, "expected a message",
        "expected one of 'system', 'developer', 'user', 'assistant', 'tool'", null,
        ("system", new TurnShape(ConversationTurn.Instructions, Instructions.Shape)),
        ("developer", new TurnShape(ConversationTurn.Instructions, Instructions.Shape)),
        ("user", new TurnShape(ConversationTurn.User, User.Shape)),
        ("assistant", new TurnShape(ConversationTurn.Assistant, new AssistantMessageShape(Assistant.Members))),
        ("tool", new TurnShape(ConversationTurn.Tool, Tool.Shape))));

    /// <summary><c>messages</c>.</summary>
    public static readonly RequestShape Messages = new ArrayShape(Message, "expected a non-empty array of messages", RequestBounds.Messages, min: 1);

    /// <summary><c>prompt</c>: the legacy form of one user message.</summary>
    public static readonly RequestShape Prompt = new CountedMessageShape(
        new TurnShape(ConversationTurn.User, new Parts.NamingShape(new StringShape(min: 1) { CountsAsText = true })));

    private static ObjectShape ReasoningBlock(params ObjectMember[] members) => Object(
        [.. members, BlockId, BlockFormat, BlockIndex]);

    /// <summary>An image or a sound that the model made in an earlier turn. It is charged like one of the user's.</summary>
    /// <param name="modality">What it is.</param>
    /// <param name="members">Its members. The first two hold it or name it.</param>
    private sealed class MadeMediaShape(InputModalities modality, params ObjectMember[] members)
        : ObjectShape("expected an object", UnknownKeys.Tolerated, members)
    {
        private const ulong Source = 0b11;

        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            if ((present & Source) != 0) Parts.Count(cursor.Found, modality);
        }
    }

    /// <summary>The first member is the type, which may be missing.</summary>
    private sealed class ToolCallShape(ObjectMember[] members) : CanonicalShape("expected a tool call", members)
    {
        private const ulong Type = 0b1;

        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            OpenAIChatScan.Of(cursor).Conversation.AddToolCall();
            if ((present & Type) == 0) cursor.AddEdit(OpenAIChatEdits.Put(OpenAIChatEdits.MissingToolCallType, cursor.Start, cursor.Start));
        }
    }

    private sealed class AssistantMessageShape(ObjectMember[] contentThenOthers) : CanonicalShape("expected a message", contentThenOthers)
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

    private sealed class CountedMessageShape(RequestShape message) : RequestShape(message.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            cursor.Found.MessageCount++;
            message.Check(ref cursor);
        }
    }
}
