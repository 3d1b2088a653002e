using System.Text.Json;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.Checking;

/// <summary>
/// Shapes of tools and of the choice among them. A tool of the caller's own is carried to every provider. Any other has a type of Anthropic's: it makes
/// other providers ineligible, but for a search beside tools of the caller's own (<see cref="NativeScan.AddNativeTool"/>).
/// </summary>
internal static class MessagesToolSchema
{
    private static readonly RequestShape Name = new ToolNameShape(new StringShape(1, 128) { CountsAsText = true });

    private static readonly CanonicalShape Custom = new("expected a tool",
        new ObjectMember("type", AnyShape.Instance),
        new ObjectMember("name", Name, Required: true),
        new ObjectMember("description", new StringShape { CountsAsText = true }),
        new ObjectMember("input_schema", new JsonSchemaShape(), Required: true),
        new ObjectMember("strict", Flag),
        new ObjectMember("cache_control", MessagesOptionSchema.CacheControl) { CutAs = MessagesEdits.CacheControl });

    private static readonly ObjectShape Native = Object(new ObjectMember("type", AnyShape.Instance, Required: true), new ObjectMember("name", Name),
        new ObjectMember("cache_control", MessagesOptionSchema.CacheControl) { CutAs = MessagesEdits.CacheControl });

    private static readonly ObjectMember OneAtATime = new("disable_parallel_tool_use", Flag);
    private static readonly ObjectMember Type = new("type", AnyShape.Instance, Required: true);

    /// <summary><c>tools</c>.</summary>
    public static readonly RequestShape Tools = new ArrayShape(new ToolShape(), "expected an array of tools", RequestBounds.Tools);

    /// <summary><c>tool_choice</c>.</summary>
    public static readonly RequestShape ToolChoice = new TaggedShape("type", "expected an object with a type",
        "expected one of 'auto', 'any', 'tool', 'none'", null,
        ("auto", Strict(Type, OneAtATime)),
        ("any", Strict(Type, OneAtATime)),
        ("tool", new NamedChoiceShape(Strict(Type, new ObjectMember("name", NonEmpty, Required: true), OneAtATime))),
        ("none", Strict(Type, OneAtATime)));

    /// <summary>A tool, whose type may be left out.</summary>
    private sealed class ToolShape() : RequestShape("expected a tool")
    {
        private const int LongestType = 64;

        public override void Check(ref RequestCursor cursor)
        {
            if (cursor.Token != JsonTokenType.StartObject) cursor.Fail(Expected);
            if (FindType(cursor) is not { } type)
            {
                MessagesScan.Of(cursor).OffersOwnTools = true;
                Custom.Check(ref cursor);
                return;
            }
            if (type.StartsWith("openrouter:", StringComparison.Ordinal))
                cursor.FailAt(cursor.Start, "type", "the router does not run server tools; expected a tool of your own or of the provider");
            MessagesScan.Of(cursor).AddNativeTool(type);
            Native.Check(ref cursor);
        }

        /// <summary>The type of a tool that is not the caller's own; null: it is.</summary>
        private static string? FindType(RequestCursor ahead)
        {
            var start = ahead.Start;
            while (ahead.Read() != JsonTokenType.EndObject)
            {
                var found = ahead.TextEquals("type"u8);
                ahead.Read();
                if (!found)
                {
                    ahead.Skip();
                    continue;
                }
                if (ahead.Token == JsonTokenType.Null) return null;
                if (ahead.Token != JsonTokenType.String || ahead.TextLength is 0 or > LongestType)
                    ahead.FailAt(start, "type", $"expected 'custom' or the type of a tool of the provider, of at most {LongestType} characters");
                return ahead.TextEquals("custom"u8) ? null : RequestPath.KeyText(ahead.Value);
            }
            return null;
        }
    }

    private sealed class NamedChoiceShape(RequestShape choice) : RequestShape(choice.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            MessagesScan.Of(cursor).DemandsOneTool = true;
            choice.Check(ref cursor);
        }
    }

    private sealed class ToolNameShape(RequestShape name) : RequestShape(name.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            name.Check(ref cursor);
            Span<byte> text = stackalloc byte[cursor.Value.Length];
            (cursor.Found.ToolNames ??= []).Add(RequestFacts.HashOfToolName(text[..cursor.CopyUtf8(text)]));
        }
    }
}
