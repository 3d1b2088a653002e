using System.Numerics;
using EdgeRouter.Dialects.Gemini.Wire.Requests;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;
using Keys = EdgeRouter.Dialects.Gemini.Caller.Requests.GeminiKeys;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Checking;

/// <summary>Shapes of parts. A part holds one kind of data, or a signature alone.</summary>
internal static class GeminiPartSchema
{
    /// <summary>Text of the conversation.</summary>
    public static readonly RequestShape Counted = GeminiShapes.Naming(new StringShape { CountsAsText = true });

    private static readonly ObjectMember Text = Keys.Text.Of(Counted);
    private static readonly ObjectMember InlineData = Keys.InlineData.Of(new MediaShape(
        Keys.MimeType.Of(new MediaTypeShape(), required: true), Keys.Data.Of(GeminiShapes.Naming(NonEmpty), required: true),
        Keys.DisplayName.Of(new StringShape { CountsAsText = true })));

    private static readonly ObjectMember FileData = Keys.FileData.Of(new MediaShape(
        Keys.MimeType.Of(new MediaTypeShape()), Keys.FileUri.Of(new FileUriShape(), required: true),
        Keys.DisplayName.Of(new StringShape { CountsAsText = true })));

    private static readonly RequestShape ResultPart = new ResultPartShape(InlineData, FileData);

    /// <summary>The members that are data. They come first, since <see cref="PartShape"/> knows their places.</summary>
    private static readonly ObjectMember[] DataMembers =
    [
        Text, InlineData, FileData,
        Keys.FunctionCall.Of(new CallShape()),
        Keys.FunctionResponse.Of(new ResultShape()),
        Native("executableCode"), Native("codeExecutionResult"), Native("toolCall"), Native("toolResponse"),
    ];

    /// <summary>A part of a turn.</summary>
    public static readonly RequestShape Part = new PartShape(
    [
        .. DataMembers, Keys.ThoughtSignature.Of(new SignatureShape()), Keys.Thought.Of(Flag),
        .. ((string[])["videoMetadata", "mediaResolution", "partMetadata", "mediaProcessing", "audioTranscription", "speechMetadata"])
            .Select(name => new GeminiName(name).Of(GeminiShapes.Uncarried("contents.parts." + name))),
    ]);

    /// <summary>A part of the instructions.</summary>
    public static readonly RequestShape Instruction = new CanonicalShape("expected a part with text", Keys.Text.Of(Counted, required: true));

    private static ObjectMember Native(string name) => new GeminiName(name).Of(GeminiShapes.Native($"a part with {name}"));

    private sealed class PartShape(ObjectMember[] members) : CanonicalShape("expected a part", members)
    {
        private const int AllData = (1 << 9) - 1;
        private const int Files = (1 << 1) | (1 << 2);
        private const int Call = 1 << 3;
        private const int Signature = 1 << 9;
        private const string Expects = "expected one of text, inlineData, fileData, functionCall, functionResponse, executableCode, codeExecutionResult";

        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            var scan = GeminiScan.Of(cursor);
            var data = BitOperations.PopCount(present & AllData);
            var isSigned = (present & Signature) != 0;
            if (data > 1) cursor.FailAt(start, "", Expects + ", and no other beside it");
            if (data == 0 && !isSigned && !unknown) cursor.FailAt(start, "", Expects);
            if (data == 0 && unknown) scan.RequireNative("a part of a kind that the router does not know");
            if (!scan.IsModelTurn) return;
            // A turn may be of many contents, so that the bound of their parts is none of its calls.
            if ((present & Call) != 0 && scan.CallsInTurn == RequestBounds.ToolCalls)
                cursor.FailAt(start, "", $"expected at most {RequestBounds.ToolCalls} calls in a turn; contents of the model in a row are one turn");
            // Of parallel calls the first is signed.
            if ((present & Call) != 0) scan.HasUnsignedTurn |= scan.CallsInTurn++ == 0 && !isSigned;
            else if ((present & Files) != 0) scan.HasUnsignedTurn |= !isSigned;
        }
    }

    private sealed class MediaTypeShape() : RequestShape("expected a media type")
    {
        private const int Longest = 127;

        public override void Check(ref RequestCursor cursor)
        {
            if (cursor.Token != System.Text.Json.JsonTokenType.String || cursor.TextLength is 0 or > Longest) cursor.Fail(Expected);
            GeminiScan.Of(cursor).Media = GeminiMediaTypes.KindOf(cursor.GetString());
        }
    }

    private sealed class FileUriShape() : RequestShape("expected a URL")
    {
        private static readonly RequestShape Text = GeminiShapes.Naming(NonEmpty);

        public override void Check(ref RequestCursor cursor)
        {
            Text.Check(ref cursor);
            var (scan, uri) = (GeminiScan.Of(cursor), cursor.GetString());
            if (GeminiMediaUrls.IsStoredAtProvider(uri)) scan.RequireNative("a fileUri of Google's storage");
            else if (GeminiMediaUrls.MustBeFetched(uri)) scan.HasUnfetchedUrl = true;
        }
    }

    private sealed class MediaShape(params ObjectMember[] members) : CanonicalShape("expected an object", members)
    {
        public override void Check(ref RequestCursor cursor)
        {
            GeminiScan.Of(cursor).Media = GeminiMedia.File;
            base.Check(ref cursor);
        }

        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            var scan = GeminiScan.Of(cursor);
            scan.MediaCount++;
            if (scan.Media == GeminiMedia.Image) scan.ImageCount++;
            // What the model itself made it need not take.
            if (!scan.IsModelTurn) scan.Modalities |= GeminiMediaTypes.ModalityOf(scan.Media);
            else if (scan.Media != GeminiMedia.Image) scan.AddUncarried("contents.parts.inlineData");
        }
    }

    private sealed class CallShape() : CanonicalShape("expected an object",
        Keys.Name.Of(GeminiShapes.Naming(new StringShape(min: 1) { CountsAsText = true }), required: true), Keys.Id.Of(CommonShapes.Text),
        Keys.Args.Of(GeminiShapes.TextObject))
    {
        public override void Check(ref RequestCursor cursor)
        {
            var scan = GeminiScan.Of(cursor);
            if (!scan.IsModelTurn) cursor.Fail("expected no call in a content that is not of the role 'model'");
            base.Check(ref cursor);
            scan.Conversation.AddToolCall();
        }
    }

    private sealed class ResultShape() : CanonicalShape("expected an object",
        Keys.Name.Of(NonEmpty, required: true), Keys.Id.Of(CommonShapes.Text), Keys.Response.Of(GeminiShapes.TextObject),
        Keys.Parts.Of(GeminiShapes.OneOrMany(ResultPart, "expected an array of parts with data", RequestBounds.Parts)))
    {
        public override void Check(ref RequestCursor cursor)
        {
            var scan = GeminiScan.Of(cursor);
            if (scan.IsModelTurn) cursor.Fail("expected no result in a content of the role 'model'");
            base.Check(ref cursor);
            scan.Conversation.AddToolResult();
        }
    }

    private sealed class ResultPartShape(params ObjectMember[] members) : CanonicalShape("expected a part with inlineData or fileData", members)
    {
        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            if (BitOperations.PopCount(present) != 1) cursor.FailAt(start, "", Expected);
        }
    }

    /// <summary>What only the provider that wrote it can read or verify. The word that skips Google's check is none.</summary>
    private sealed class SignatureShape() : RequestShape("expected a string")
    {
        public override void Check(ref RequestCursor cursor)
        {
            CommonShapes.Text.Check(ref cursor);
            if (cursor.TextLength == 0 || cursor.TextEquals(GeminiSignatures.Utf8Substitute)) return;
            var scan = GeminiScan.Of(cursor);
            scan.Conversation.HasSignedReasoning = true;
            scan.HasOtherReasoning |= GeminiThoughtSignature.IsMarked(cursor.Value);
        }
    }
}
