using System.Text.Json;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.Rerank.Requests;

/// <summary>A document: a text, or an object with a text, an image or both. An object of a text alone becomes the text, which every provider takes.</summary>
internal sealed class RerankDocumentShape() : RequestShape("expected a string or an object with text or image")
{
    private static readonly RequestShape Text = new StringShape { CountsAsText = true };
    private static readonly RequestShape Object = new DocumentObject();

    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        var start = cursor.Start;
        if (cursor.Token == JsonTokenType.String) Text.Check(ref cursor);
        else if (cursor.Token == JsonTokenType.StartObject) Object.Check(ref cursor);
        else cursor.Fail(Expected);
        ((RerankScan)cursor.Found).Documents.Add(start..cursor.End);
    }

    private sealed class DocumentObject() : ObjectShape("expected an object", UnknownKeys.Tolerated,
        new ObjectMember("text", new NotedText()), new ObjectMember("image", new ImageShape()))
    {
        private const ulong TextAlone = 0b01;

        public override void Check(ref RequestCursor cursor)
        {
            ((RerankScan)cursor.Found).Conversation.PlainText = default;
            base.Check(ref cursor);
        }

        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            if (present == 0) cursor.FailAt(start, "text", "required, unless there is an image");
            if (present != TextAlone || unknown) return;
            var (textStart, textEnd) = ((RerankScan)cursor.Found).Conversation.PlainText;
            cursor.AddEdit(new RequestEdit(RequestEditKind.Keep, OpenAIChatEdits.SingleText, start, cursor.End, textStart, textEnd));
        }
    }

    private sealed class NotedText() : RequestShape("expected a string")
    {
        public override void Check(ref RequestCursor cursor)
        {
            Text.Check(ref cursor);
            ((RerankScan)cursor.Found).Conversation.PlainText = (cursor.Start, cursor.End);
        }
    }

    private sealed class ImageShape() : RequestShape(CommonShapes.NonEmpty.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            CommonShapes.NonEmpty.Check(ref cursor);
            var scan = (RerankScan)cursor.Found;
            scan.MediaCount++;
            scan.ImageCount++;
            scan.Modalities |= InputModalities.Image;
            // Base64 has no colon, and the URL of data fetches nothing.
            var url = cursor.GetString();
            if (url.Contains(':') && !url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) scan.DocumentWithUrl ??= scan.Documents.Count;
        }
    }
}
