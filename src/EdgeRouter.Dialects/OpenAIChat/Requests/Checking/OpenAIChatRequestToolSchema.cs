using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Checking;

/// <summary>Shapes of tools, tool choice and answer format.</summary>
internal static class OpenAIChatRequestToolSchema
{
    private const string NoServerTools = "the router does not run server tools; expected 'function'";

    private static readonly SearchValues<byte> NameAlphabet = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"u8);

    private static readonly RequestShape Schema = new JsonSchemaShape();

    /// <summary><c>tools</c>.</summary>
    public static readonly RequestShape Tools = new ArrayShape(new TaggedShape("type", "expected a tool", NoServerTools, null,
        ("function", OpenAIChatRequestMessageSchema.Canonical(
            new ObjectMember("type", AnyShape.Instance, Required: true),
            new ObjectMember("function", OpenAIChatRequestMessageSchema.Canonical(
                new ObjectMember("name", new ToolNameShape(new StringShape(1, 64) { CountsAsText = true }), Required: true),
                new ObjectMember("description", new StringShape { CountsAsText = true }),
                new ObjectMember("parameters", Schema),
                new ObjectMember("strict", Flag)), Required: true),
            new ObjectMember("cache_control", OpenAIChatRequestSchema.CacheControl) { CutAs = OpenAIChatEdits.CacheControl }))), "expected an array of tools",
        RequestBounds.Tools);

    /// <summary><c>tool_choice</c>.</summary>
    public static readonly RequestShape ToolChoice = new TokenShape("expected 'none', 'auto', 'required' or an object that names a function",
        (JsonTokenType.String, new WordShape("none", "auto", "required")),
        (JsonTokenType.StartObject, new TaggedShape("type", "expected an object that names a function", NoServerTools, null,
            ("function", new ObjectShape("expected an object that names a function", UnknownKeys.Refused,
                new ObjectMember("type", AnyShape.Instance, Required: true),
                new ObjectMember("function", new ObjectShape("expected an object with a name", UnknownKeys.Refused,
                    new ObjectMember("name", NonEmpty, Required: true)), Required: true))))));

    /// <summary><c>response_format</c>.</summary>
    public static readonly RequestShape ResponseFormat = new TaggedShape("type", "expected an object with a type",
        "expected one of 'text', 'json_object', 'json_schema', 'grammar', 'python'", null,
        ("text", Format()),
        ("json_object", Format()),
        ("json_schema", Format(new ObjectMember("json_schema", OpenAIChatRequestMessageSchema.Canonical(
            new ObjectMember("name", new StringShape(1, 64) { Alphabet = NameAlphabet }, Required: true),
            new ObjectMember("description", new StringShape { CountsAsText = true }),
            new ObjectMember("schema", Schema),
            new ObjectMember("strict", Flag)), Required: true))),
        ("grammar", Format(new ObjectMember("grammar", new StringShape { CountsAsText = true }, Required: true))),
        ("python", Format()));

    private sealed class ToolNameShape(RequestShape name) : RequestShape(name.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            name.Check(ref cursor);
            Span<byte> text = stackalloc byte[cursor.Value.Length];
            (cursor.Found.ToolNames ??= []).Add(RequestFacts.HashOfToolName(text[..cursor.CopyUtf8(text)]));
        }
    }

    private static CanonicalShape Format(params ObjectMember[] members) =>
        OpenAIChatRequestMessageSchema.Canonical([new ObjectMember("type", AnyShape.Instance, Required: true), .. members]);
}
