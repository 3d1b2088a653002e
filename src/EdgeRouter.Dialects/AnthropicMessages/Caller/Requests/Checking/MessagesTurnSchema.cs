using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.Checking;

/// <summary>Shapes of messages and of the instructions before them.</summary>
internal static class MessagesTurnSchema
{
    private static readonly ObjectMember Role = new("role", AnyShape.Instance, Required: true);

    private static readonly RequestShape Message = new TaggedShape("role", "expected a message", "expected one of 'user', 'assistant', 'system'", null,
        ("user", new TurnShape(ConversationTurn.User, Turn(MessagesBlockSchema.User))),
        ("assistant", new TurnShape(ConversationTurn.Assistant, Turn(MessagesBlockSchema.Assistant))),
        ("system", new LateInstructionsShape(new TurnShape(ConversationTurn.Instructions, Turn(MessagesBlockSchema.Instructions)))));

    /// <summary><c>messages</c>.</summary>
    public static readonly RequestShape Messages = new ArrayShape(Message, "expected a non-empty array of messages", RequestBounds.Messages, min: 1);

    /// <summary><c>system</c>.</summary>
    public static readonly RequestShape System = new TurnShape(ConversationTurn.Instructions, MessagesBlockSchema.Instructions);

    private static CanonicalShape Turn(RequestShape content) => new("expected a message", Role, new ObjectMember("content", content, Required: true));

    private sealed class TurnShape(ConversationTurn turn, RequestShape message) : RequestShape(message.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            var scan = MessagesScan.Of(cursor);
            scan.MessageCount++;
            scan.Conversation.BeginTurn(turn);
            message.Check(ref cursor);
            scan.Conversation.EndTurn();
        }
    }

    private sealed class LateInstructionsShape(RequestShape message) : RequestShape(message.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            MessagesScan.Of(cursor).HasLateInstructions = true;
            message.Check(ref cursor);
        }
    }
}
