using System.Text.Json;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Checking;

/// <summary>Shapes of <c>input</c> and its items. An item of a type without a shape here is refused.</summary>
internal static class ResponsesItemSchema
{
    private const string Expected = "expected an item";

    /// <summary>Items that only OpenAI's API has: what its hosted tools did, and what only its models read.</summary>
    private static readonly string[] NativeTypes =
    [
        "file_search_call", "computer_call", "computer_call_output", "web_search_call", "code_interpreter_call", "local_shell_call",
        "local_shell_call_output", "shell_call", "shell_call_output", "apply_patch_call", "apply_patch_call_output", "mcp_list_tools",
        "mcp_approval_request", "mcp_approval_response", "mcp_call", "tool_search_call", "tool_search_output", "configuration_update",
        "compaction", "context_compaction", "compaction_trigger", "program", "program_output", "agent_message",
    ];

    private static readonly ObjectMember Type = new("type", AnyShape.Instance, Required: true);
    private static readonly ObjectMember Role = new("role", AnyShape.Instance, Required: true);
    private static readonly ObjectMember Id = new("id", Text);
    private static readonly ObjectMember CallId = new("call_id", NonEmpty, Required: true);
    private static readonly RequestShape Name = new StringShape(min: 1) { CountsAsText = true };
    private static readonly RequestShape Counted = new StringShape { CountsAsText = true };

    private static readonly RequestShape Message = new TaggedShape("role", Expected, "expected one of 'user', 'assistant', 'system', 'developer'", null,
        ("user", MessageOf(ConversationTurn.User, ResponsesContentSchema.Said)),
        ("assistant", MessageOf(ConversationTurn.Assistant, ResponsesContentSchema.Answered)),
        ("system", MessageOf(ConversationTurn.Instructions, ResponsesContentSchema.Said)),
        ("developer", MessageOf(ConversationTurn.Instructions, ResponsesContentSchema.Said)));

    private static readonly (string Type, RequestShape Shape)[] Typed =
    [
        ("message", Message),
        ("function_call", new CallShape(Object(Type, Id, CallId, new ObjectMember("name", Name, Required: true), new ObjectMember("namespace", Text),
            new ObjectMember("arguments", Counted, Required: true)))),
        ("function_call_output", ResultOf(ResponsesContentSchema.Returned)),
        ("custom_tool_call", new CallShape(Object(Type, Id, CallId, new ObjectMember("name", Name, Required: true), new ObjectMember("namespace", Text),
            new ObjectMember("input", Counted, Required: true)))),
        ("custom_tool_call_output", ResultOf(ResponsesContentSchema.Returned)),
        ("reasoning", new TurnShape(ConversationTurn.Assistant, new ReasoningShape(
            new ObjectMember("encrypted_content", new SignatureShape()), Type, Id,
            new ObjectMember("summary", TextsOf("summary_text")), new ObjectMember("content", TextsOf("reasoning_text")),
            new ObjectMember("signature", new SignatureShape()), new ObjectMember("format", Text)))),
        ("image_generation_call", new TurnShape(ConversationTurn.Assistant, Object(Type, Id, new ObjectMember("result", Text)))),
        // Its tools are offered as those of the request are, so that they are held against the same rules.
        ("additional_tools", new NativeItemShape("additional_tools", Object(Type, new ObjectMember("tools", ResponsesToolSchema.Tools, Required: true)))),
        ("item_reference", new RefusedShape("the router holds no items; send the item itself")),
        .. NativeTypes.Select(type => (type, (RequestShape)new NativeItemShape(type))),
    ];

    /// <summary><c>input</c>.</summary>
    public static readonly RequestShape Input = new TokenShape("expected a string or a non-empty array of items",
        (JsonTokenType.String, new TurnShape(ConversationTurn.User, ResponsesContentSchema.Counted)),
        (JsonTokenType.StartArray, new ArrayShape(new ItemShape(), "expected a non-empty array of items", RequestBounds.Messages, min: 1)));

    /// <summary><c>instructions</c>.</summary>
    public static readonly RequestShape Instructions = new TurnShape(ConversationTurn.Instructions, ResponsesContentSchema.Counted);

    private static TurnShape MessageOf(ConversationTurn turn, RequestShape content) => new(turn, Object(
        new ObjectMember("type", AnyShape.Instance), Role, Id, new ObjectMember("content", content)));

    private static TurnShape ResultOf(RequestShape output) =>
        new(ConversationTurn.Tool, Object(Type, Id, CallId, new ObjectMember("output", output, Required: true)));

    private static ArrayShape TextsOf(string type) => new(
        Object(new ObjectMember("type", new WordShape(type), Required: true), new ObjectMember("text", Counted, Required: true)),
        $"expected an array of parts of type '{type}'", RequestBounds.Parts);

    /// <summary>An item. A message may come without its type.</summary>
    private sealed class ItemShape() : RequestShape(ResponsesItemSchema.Expected)
    {
        private const string RouterTools = "openrouter:";

        private static readonly TaggedShape ByType = new("type", ResponsesItemSchema.Expected,
            "expected the type of an item, such as 'message', 'function_call', 'function_call_output' or 'reasoning'", null, Typed);

        public override void Check(ref RequestCursor cursor)
        {
            if (cursor.Token != JsonTokenType.StartObject) cursor.Fail(Expected);
            var ahead = cursor;
            while (ahead.Read() != JsonTokenType.EndObject)
            {
                var found = ahead.TextEquals("type"u8);
                ahead.Read();
                if (!found)
                {
                    ahead.Skip();
                    continue;
                }
                if (ahead.Token == JsonTokenType.Null) break;
                // What server tools of another router did: it reads such items, and no model does.
                if (ahead.Token == JsonTokenType.String && RequestPath.KeyText(ahead.Value).StartsWith(RouterTools, StringComparison.Ordinal))
                {
                    ResponsesScan.Of(cursor).AddUncarried("input.type");
                    ResponsesScan.Of(cursor).HasRouterItems = true;
                    cursor.SkipUnique();
                    return;
                }
                ByType.Check(ref cursor);
                return;
            }
            Message.Check(ref cursor);
        }
    }

    private sealed class TurnShape(ConversationTurn turn, RequestShape item) : RequestShape(item.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            var scan = ResponsesScan.Of(cursor);
            scan.BeginItem(turn);
            item.Check(ref cursor);
            scan.Conversation.EndTurn();
        }
    }

    private sealed class CallShape(RequestShape item) : RequestShape(item.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            var scan = ResponsesScan.Of(cursor);
            scan.BeginItem(ConversationTurn.Assistant);
            item.Check(ref cursor);
            scan.Conversation.AddToolCall();
            scan.Conversation.EndTurn();
        }
    }

    /// <summary>Reasoning. Its first member is what the provider encrypted.</summary>
    private sealed class ReasoningShape(params ObjectMember[] members) : ObjectShape("expected an item", UnknownKeys.Tolerated, members)
    {
        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            if ((present & 1) == 0) ResponsesScan.Of(cursor).HasOtherReasoning = true;
        }
    }

    /// <summary>What only the provider that wrote it can read or verify.</summary>
    private sealed class SignatureShape() : RequestShape("expected a string")
    {
        public override void Check(ref RequestCursor cursor)
        {
            Text.Check(ref cursor);
            if (cursor.TextLength == 0) return;
            ResponsesScan.Of(cursor).Conversation.HasSignedReasoning = true;
            ResponsesScan.Of(cursor).HasOtherReasoning |= SignatureOrigin.IsMarked(cursor.Value);
        }
    }

    /// <summary>An item that only OpenAI's API has. All of it counts as text of the prompt.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="item">What it looks like; null: that is not checked.</param>
    private sealed class NativeItemShape(string type, RequestShape? item = null) : RequestShape(ResponsesItemSchema.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            var scan = ResponsesScan.Of(cursor);
            scan.RequireNative($"an item of type '{type}'");
            scan.MessageCount++;
            var start = cursor.Start;
            var textBytes = cursor.Found.TextBytes;
            if (item is null) cursor.SkipUnique();
            else item.Check(ref cursor);
            cursor.Found.TextBytes = textBytes + (cursor.End - start);
        }
    }
}
