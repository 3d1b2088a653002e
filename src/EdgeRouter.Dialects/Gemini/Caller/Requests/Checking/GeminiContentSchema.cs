using System.Text.Json;
using EdgeRouter.Dialects.Validation;
using Keys = EdgeRouter.Dialects.Gemini.Caller.Requests.GeminiKeys;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Checking;

/// <summary>Shapes of contents, which are turns, and of the instructions before them.</summary>
internal static class GeminiContentSchema
{
    private static readonly ObjectMember Role = Keys.Role.Of(AnyShape.Instance);

    private static readonly RequestShape Turn = new CanonicalShape("expected a content", Role, Keys.Parts.Of(
        GeminiShapes.OneOrMany(GeminiPartSchema.Part, "expected a non-empty array of parts", RequestBounds.Parts, min: 1), required: true));

    private static readonly RequestShape InstructionTurn = new CanonicalShape("expected a content", Role, Keys.Parts.Of(
        GeminiShapes.OneOrMany(GeminiPartSchema.Instruction, "expected an array of parts with text", RequestBounds.Parts), required: true));

    /// <summary><c>contents</c>.</summary>
    public static readonly RequestShape Contents =
        GeminiShapes.OneOrMany(new ContentShape(), "expected a non-empty array of contents", RequestBounds.Messages, min: 1);

    /// <summary><c>systemInstruction</c>.</summary>
    public static readonly RequestShape Instructions = new InstructionsShape(new TokenShape("expected a content or a string",
        (JsonTokenType.String, GeminiPartSchema.Counted), (JsonTokenType.StartObject, InstructionTurn)));

    private sealed class ContentShape() : RequestShape("expected a content")
    {
        public override void Check(ref RequestCursor cursor)
        {
            if (cursor.Token != JsonTokenType.StartObject) cursor.Fail(Expected);
            var scan = GeminiScan.Of(cursor);
            var isModel = IsModel(cursor);
            scan.MessageCount++;
            // Clients return each piece of a stream as a content of its own.
            if (!isModel || !scan.IsModelTurn)
            {
                scan.Conversation.BeginTurn(isModel ? ConversationTurn.Assistant : ConversationTurn.User);
                scan.CallsInTurn = 0;
            }
            scan.IsModelTurn = isModel;
            scan.HasModelTurn |= isModel;
            Turn.Check(ref cursor);
            scan.Conversation.EndTurn();
        }

        /// <summary>Whether the model speaks. Without a role it is the user.</summary>
        private static bool IsModel(RequestCursor ahead)
        {
            while (ahead.Read() != JsonTokenType.EndObject)
            {
                var isRole = ahead.TextEquals("role"u8);
                ahead.Read();
                if (!isRole)
                {
                    ahead.Skip();
                    continue;
                }
                if (ahead.Token == JsonTokenType.String)
                {
                    if (ahead.TextEquals("model"u8)) return true;
                    if (ahead.TextEquals("user"u8) || ahead.TextEquals("function"u8) || ahead.TextLength == 0) return false;
                }
                if (ahead.Token != JsonTokenType.Null) ahead.Fail("expected one of 'user', 'model', 'function'");
                return false;
            }
            return false;
        }
    }

    private sealed class InstructionsShape(RequestShape content) : RequestShape(content.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            var scan = GeminiScan.Of(cursor);
            scan.MessageCount++;
            scan.Conversation.BeginTurn(ConversationTurn.Instructions);
            content.Check(ref cursor);
            scan.Conversation.EndTurn();
        }
    }
}
