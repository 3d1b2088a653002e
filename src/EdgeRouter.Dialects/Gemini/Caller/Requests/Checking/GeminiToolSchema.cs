using System.Text.Json;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Validation;
using Keys = EdgeRouter.Dialects.Gemini.Caller.Requests.GeminiKeys;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Checking;

/// <summary>
/// Shapes of tools and of the choice among them. Functions are carried to every provider. Any other tool is one of Google's: it makes other providers
/// ineligible.
/// </summary>
internal static class GeminiToolSchema
{
    private static readonly string[] Searches = ["googleSearch", "googleSearchRetrieval", "enterpriseWebSearch", "exaAiSearch", "parallelAiSearch"];

    private static readonly string[] Others = ["codeExecution", "urlContext", "computerUse", "fileSearch", "googleMaps"];

    // They would read the operator's data stores, and could send its secrets to an address of the caller's.
    private static readonly string[] Refused = ["retrieval", "mcpServers"];

    private static readonly RequestShape OperatorsIdentity =
        new RefusedShape("acts with the identity of the operator; declare a function instead, and call what it needs yourself");

    private static readonly RequestShape Declaration = new DeclarationShape(
    [
        Keys.Parameters.Of(new JsonSchemaShape()), Keys.ParametersJsonSchema.Of(new JsonSchemaShape()),
        Keys.Name.Of(new NameShape(new StringShape(1, 128) { CountsAsText = true }), required: true),
        Keys.Description.Of(new StringShape { CountsAsText = true }),
        .. ((string[])["behavior", "response", "responseJsonSchema"])
            .Select(name => new GeminiName(name).Of(GeminiShapes.Uncarried("tools.functionDeclarations." + name))),
    ]);

    private static readonly RequestShape Tool = new ToolShape(
    [
        Keys.FunctionDeclarations.Of(new DeclarationsShape(
            GeminiShapes.OneOrMany(Declaration, "expected an array of function declarations", RequestBounds.Tools))),
        .. Searches.Select(name => new GeminiName(name).Of(new SearchShape(GeminiShapes.Native($"the tool {name}")))),
        .. Others.Select(name => new GeminiName(name).Of(GeminiShapes.Native($"the tool {name}"))),
        .. Refused.Select(name => new GeminiName(name).Of(OperatorsIdentity)),
    ]);

    /// <summary><c>tools</c>.</summary>
    public static readonly RequestShape Tools = GeminiShapes.OneOrMany(Tool, "expected an array of tools", RequestBounds.Tools);

    /// <summary><c>toolConfig</c>.</summary>
    public static readonly RequestShape Config = new CanonicalShape("expected an object",
        Keys.FunctionCallingConfig.Of(new CanonicalShape("expected an object",
            Keys.Mode.Of(GeminiShapes.Word("AUTO", "ANY", "NONE", "VALIDATED", "MODE_UNSPECIFIED")),
            Keys.AllowedFunctionNames.Of(new ArrayShape(CommonShapes.NonEmpty, "expected an array of names", RequestBounds.Tools)),
            new GeminiName("streamFunctionCallArguments").Of(GeminiShapes.Uncarried("toolConfig.functionCallingConfig.streamFunctionCallArguments")))),
        new GeminiName("retrievalConfig").Of(GeminiShapes.Uncarried("toolConfig.retrievalConfig")),
        new GeminiName("includeServerSideToolInvocations").Of(GeminiShapes.Uncarried("toolConfig.includeServerSideToolInvocations")));

    private sealed class ToolShape(params ObjectMember[] members) : CanonicalShape("expected a tool", members)
    {
        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            if (unknown) GeminiScan.Of(cursor).RequireNative("a tool that the router does not know");
        }
    }

    private sealed class SearchShape(RequestShape tool) : RequestShape(tool.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            cursor.Found.AsksForSearch = true;
            tool.Check(ref cursor);
        }
    }

    /// <summary>The functions of one tool. They count against one bound with those of all other tools: each is a tool of other APIs.</summary>
    private sealed class DeclarationsShape(RequestShape list) : RequestShape(list.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            var (scan, start, isOne) = (GeminiScan.Of(cursor), cursor.Start, cursor.Token == JsonTokenType.StartObject);
            list.Check(ref cursor);
            scan.DeclarationCount += isOne ? 1 : cursor.ItemCount;
            if (scan.DeclarationCount > RequestBounds.Tools)
                cursor.FailAt(start, "", $"expected at most {RequestBounds.Tools} function declarations in all tools together");
        }
    }

    private sealed class DeclarationShape(params ObjectMember[] members) : CanonicalShape("expected a function declaration", members)
    {
        private const ulong BothSchemas = 0b11;

        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            if ((present & BothSchemas) == BothSchemas) cursor.FailAt(start, Keys.ParametersJsonSchema.Camel, "expected either this or parameters");
        }
    }

    private sealed class NameShape(RequestShape name) : RequestShape(name.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            name.Check(ref cursor);
            Span<byte> text = stackalloc byte[cursor.Value.Length];
            (cursor.Found.ToolNames ??= []).Add(RequestFacts.HashOfToolName(text[..cursor.CopyUtf8(text)]));
        }
    }
}
