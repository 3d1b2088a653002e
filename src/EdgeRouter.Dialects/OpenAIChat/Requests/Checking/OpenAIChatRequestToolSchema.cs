using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Checking;

/// <summary>Tools, tool choice and answer format: their members, each declared once, and their shapes.</summary>
internal static class OpenAIChatRequestToolSchema
{
    private const string NoServerTools = "the router does not run server tools; expected 'function'";

    private static readonly SearchValues<byte> NameAlphabet = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"u8);

    private static readonly RequestShape Schema = new JsonSchemaShape();

    // Of tools, formats and the choice of a tool.
    public static readonly ObjectMember Type = new("type", AnyShape.Instance, Required: true);
    public static readonly ObjectMember Description = new("description", new StringShape { CountsAsText = true });
    public static readonly ObjectMember Strict = new("strict", Flag);

    // Tools.
    public static readonly ObjectMember Name = new("name", new ToolNameShape(new StringShape(1, 64) { CountsAsText = true }), Required: true);
    public static readonly ObjectMember Parameters = new("parameters", Schema);
    public static readonly OpenAIChatObject Declaration = new(Name, Description, Parameters, Strict);
    public static readonly ObjectMember Function = new("function", Declaration.Shape, Required: true);
    public static readonly ObjectMember CacheControl = new("cache_control", OpenAIChatRequestSchema.CacheControl) { CutAs = OpenAIChatEdits.CacheControl };
    public static readonly OpenAIChatObject Tool = new(Type, Function, CacheControl);

    // Formats of the answer.
    public static readonly ObjectMember FormatName = new("name", new StringShape(1, 64) { Alphabet = NameAlphabet }, Required: true);
    public static readonly ObjectMember FormatSchema = new("schema", Schema);
    public static readonly OpenAIChatObject JsonFormat = new(FormatName, Description, FormatSchema, Strict);
    public static readonly ObjectMember JsonSchema = new("json_schema", JsonFormat.Shape, Required: true);
    public static readonly ObjectMember Grammar = new("grammar", new StringShape { CountsAsText = true }, Required: true);
    public static readonly OpenAIChatObject PlainFormat = new(Type);
    public static readonly OpenAIChatObject SchemaFormat = new(Type, JsonSchema);
    public static readonly OpenAIChatObject GrammarFormat = new(Type, Grammar);

    /// <summary><c>tools</c>.</summary>
    public static readonly RequestShape Tools = new ArrayShape(new TaggedShape(Type.Name, "expected a tool", NoServerTools, null, ("function", Tool.Shape)),
        "expected an array of tools", RequestBounds.Tools);

    /// <summary><c>tool_choice</c>.</summary>
    public static readonly RequestShape ToolChoice = new TokenShape("expected 'none', 'auto', 'required' or an object that names a function",
        (JsonTokenType.String, new WordShape("none", "auto", "required")),
        (JsonTokenType.StartObject, new TaggedShape("type", "expected an object that names a function", NoServerTools, null,
            ("function", new ObjectShape("expected an object that names a function", UnknownKeys.Refused,
                Type,
                Function with
                {
                    Shape = new ObjectShape("expected an object with a name", UnknownKeys.Refused, Name with { Shape = NonEmpty }),
                })))));

    /// <summary><c>response_format</c>.</summary>
    public static readonly RequestShape ResponseFormat = new TaggedShape(Type.Name, "expected an object with a type",
        "expected one of 'text', 'json_object', 'json_schema', 'grammar', 'python'", null,
        ("text", PlainFormat.Shape),
        ("json_object", PlainFormat.Shape),
        ("json_schema", SchemaFormat.Shape),
        ("grammar", GrammarFormat.Shape),
        ("python", PlainFormat.Shape));

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
