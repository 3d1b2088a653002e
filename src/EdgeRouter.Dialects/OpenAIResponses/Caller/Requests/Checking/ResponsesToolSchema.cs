using System.Text.Json;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Checking;

/// <summary>
/// Shapes of tools and of the choice among them. The caller's own tools (functions, custom ones, and both in a namespace) are carried to every provider.
/// Any other has a type of OpenAI's: it makes other providers ineligible.
/// </summary>
internal static class ResponsesToolSchema
{
    private static readonly ObjectMember Type = new("type", AnyShape.Instance, Required: true);
    private static readonly RequestShape Name = new StringShape(1, 128) { CountsAsText = true };
    private static readonly ObjectMember Description = new("description", new StringShape { CountsAsText = true });

    private static readonly ObjectShape Function = FunctionOf(new ToolNameShape());
    private static readonly ObjectShape Custom = CustomOf(new ToolNameShape());

    private static readonly ObjectShape Namespace = Object(Type, new ObjectMember("name", Name, Required: true), Description,
        new ObjectMember("tools", new ArrayShape(
            new CountedShape(new TaggedShape("type", "expected a tool", "expected 'function' or 'custom'", null, ("function", Function), ("custom", Custom))),
            "expected an array of tools", RequestBounds.Tools), Required: true));

    private static readonly ObjectMember Chosen = new("name", NonEmpty, Required: true);

    /// <summary><c>tools</c>, also those of an item.</summary>
    public static readonly RequestShape Tools = new ToolListShape();

    /// <summary><c>tool_choice</c>.</summary>
    public static readonly RequestShape ToolChoice = new TokenShape("expected 'none', 'auto', 'required' or an object with a type",
        (JsonTokenType.String, new WordShape("none", "auto", "required")),
        (JsonTokenType.StartObject, new TaggedShape("type", "expected an object with a type", "expected the type of a choice", new NativeChoiceShape(),
            ("function", Object(Type, Chosen)),
            ("custom", Object(Type, Chosen)),
            ("allowed_tools", Object(Type, new ObjectMember("mode", new WordShape("auto", "required"), Required: true),
                new ObjectMember("tools", new ArrayShape(
                    new TaggedShape("type", "expected an object with a type", "expected the type of a tool", new NativeChoiceShape(),
                        ("function", Object(Type, Chosen)), ("custom", Object(Type, Chosen))), "expected an array of tools", RequestBounds.Tools),
                    Required: true))))));

    private static ObjectShape FunctionOf(RequestShape name) => new("expected a tool", UnknownKeys.Tolerated, Type,
        new ObjectMember("name", name, Required: true), Description,
        new ObjectMember("parameters", new JsonSchemaShape()),
        new ObjectMember("strict", Flag));

    private static ObjectShape CustomOf(RequestShape name) => new("expected a tool", UnknownKeys.Tolerated, Type,
        new ObjectMember("name", name, Required: true), Description,
        new ObjectMember("format", new FormatShape(new TaggedShape("type", "expected an object with a type", "expected 'text' or 'grammar'", null,
            ("text", Object(Type)),
            ("grammar", Object(Type, new ObjectMember("syntax", new WordShape("lark", "regex"), Required: true),
                new ObjectMember("definition", new StringShape { CountsAsText = true }, Required: true)))))));

    /// <summary>A tool more, of one bound for all: namespaces and items with tools would multiply a bound for each list.</summary>
    private static void Count(in RequestCursor cursor)
    {
        var scan = ResponsesScan.Of(cursor);
        if (++scan.ToolCount > RequestBounds.Tools)
            cursor.FailAt(scan.ToolListStart, "", $"expected at most {RequestBounds.Tools} tools, those in namespaces and items included");
    }

    private sealed class ToolListShape() : RequestShape("expected an array of tools")
    {
        private static readonly ArrayShape Items = new(new ToolShape(), "expected an array of tools", RequestBounds.Tools);

        public override void Check(ref RequestCursor cursor)
        {
            ResponsesScan.Of(cursor).ToolListStart = cursor.Start;
            Items.Check(ref cursor);
        }
    }

    private sealed class CountedShape(RequestShape tool) : RequestShape(tool.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            Count(cursor);
            tool.Check(ref cursor);
        }
    }

    private sealed class ToolShape() : RequestShape("expected a tool")
    {
        private static readonly TaggedShape ByType = new("type", "expected a tool", "expected the type of a tool", new NativeToolShape(),
            ("function", new OwnToolShape(Function)), ("custom", new OwnToolShape(Custom)), ("namespace", new NamespaceShape()));

        public override void Check(ref RequestCursor cursor) => ByType.Check(ref cursor);
    }

    private sealed class OwnToolShape(RequestShape tool) : RequestShape(tool.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            Count(cursor);
            ResponsesScan.Of(cursor).OffersOwnTools = true;
            tool.Check(ref cursor);
        }
    }

    private sealed class NamespaceShape() : RequestShape("expected a tool")
    {
        public override void Check(ref RequestCursor cursor)
        {
            ResponsesScan.Of(cursor).HasNamespaces = true;
            ResponsesScan.Of(cursor).OffersOwnTools = true;
            Namespace.Check(ref cursor);
        }
    }

    private sealed class NativeToolShape() : RequestShape("expected a tool")
    {
        private const int LongestType = 64;

        public override void Check(ref RequestCursor cursor)
        {
            Count(cursor);
            var type = TypeOf(cursor);
            if (type.Length is 0 or > LongestType)
            {
                cursor.FailAt(cursor.Start, "type",
                    $"expected 'function', 'custom' or the type of a tool of the provider, of at most {LongestType} characters");
            }
            if (type.StartsWith("openrouter:", StringComparison.Ordinal))
                cursor.FailAt(cursor.Start, "type", "the router does not run server tools; expected a tool of your own or of the provider");
            var scan = ResponsesScan.Of(cursor);
            scan.AddNativeTool(type);
            scan.AsksForSearch |= type == "file_search";
            var start = cursor.Start;
            cursor.SkipUnique();
            cursor.Found.TextBytes += cursor.End - start;
        }
    }

    private sealed class NativeChoiceShape() : RequestShape("expected an object with a type")
    {
        public override void Check(ref RequestCursor cursor)
        {
            ResponsesScan.Of(cursor).RequireNative($"a choice of type '{TypeOf(cursor)}'");
            cursor.SkipUnique();
        }
    }

    /// <summary>Other providers' tools have no grammar: the model is told of it instead.</summary>
    private sealed class FormatShape(RequestShape format) : RequestShape(format.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            if (TypeOf(cursor) == "grammar") ResponsesScan.Of(cursor).AddUncarried("tools.format");
            format.Check(ref cursor);
        }
    }

    private sealed class ToolNameShape() : RequestShape(Name.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            Name.Check(ref cursor);
            Span<byte> text = stackalloc byte[cursor.Value.Length];
            (cursor.Found.ToolNames ??= []).Add(RequestFacts.HashOfToolName(text[..cursor.CopyUtf8(text)]));
        }
    }

    /// <summary>The type of the object ahead; empty: it has none.</summary>
    private static string TypeOf(RequestCursor ahead)
    {
        if (ahead.Token != JsonTokenType.StartObject) return "";
        while (ahead.Read() != JsonTokenType.EndObject)
        {
            var found = ahead.TextEquals("type"u8);
            ahead.Read();
            if (found) return ahead.Token == JsonTokenType.String ? RequestPath.KeyText(ahead.Value) : "";
            ahead.Skip();
        }
        return "";
    }
}
