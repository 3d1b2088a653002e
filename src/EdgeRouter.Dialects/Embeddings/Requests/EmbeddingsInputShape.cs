using System.Text.Json;
using EdgeRouter.Dialects.OpenAIChat.Requests;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.Embeddings.Requests;

/// <summary>
/// The shape of <c>input</c>. Each input is a prompt of its own; a token id counts as 4 bytes of text, the average of a token. Where every input is an
/// object with one text, providers get the texts, which all of them take.
/// </summary>
internal sealed class EmbeddingsInputShape() : RequestShape(
    "expected a string, or an array of strings, of token ids, of arrays of token ids or of objects with content")
{
    private const int BytesPerToken = 4;

    private static readonly RequestShape Item = new ItemShape();

    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        var scan = (EmbeddingsScan)cursor.Found;
        if (cursor.Token == JsonTokenType.String) CheckText(ref cursor);
        else if (cursor.Token == JsonTokenType.StartArray) CheckArray(ref cursor, scan);
        else cursor.Fail(Expected);
    }

    private static void CheckText(ref RequestCursor cursor)
    {
        if (cursor.TextLength == 0) cursor.Fail("expected a non-empty string");
        cursor.Found.TextBytes += cursor.TextLength;
    }

    private void CheckArray(ref RequestCursor cursor, EmbeddingsScan scan)
    {
        var start = cursor.Start;
        var kind = cursor.Read();
        scan.HasTokens = kind is JsonTokenType.Number or JsonTokenType.StartArray;
        switch (kind)
        {
            case JsonTokenType.Number: CheckTokens(ref cursor, start, 0); break;
            case JsonTokenType.String or JsonTokenType.StartArray or JsonTokenType.StartObject: CheckInputs(ref cursor, scan, start, kind); break;
            default: cursor.FailAt(start, "", Expected); break;
        }
    }

    private void CheckInputs(ref RequestCursor cursor, EmbeddingsScan scan, int start, JsonTokenType kind)
    {
        var (count, tokens) = (0, 0);
        for (; cursor.Token != JsonTokenType.EndArray; cursor.Read())
        {
            if (cursor.Token != kind) cursor.Fail($"expected an input of the same kind as the first: {Expected}");
            if (++count > RequestBounds.Inputs) cursor.FailAt(start, "", $"expected at most {RequestBounds.Inputs} inputs");
            switch (kind)
            {
                case JsonTokenType.String: CheckText(ref cursor); break;
                case JsonTokenType.StartObject: Item.Check(ref cursor); break;
                default:
                    var list = cursor.Start;
                    if (cursor.Read() == JsonTokenType.EndArray) cursor.FailAt(list, "", "expected a non-empty array of token ids");
                    tokens = CheckTokens(ref cursor, list, tokens);
                    break;
            }
        }
        scan.PromptCount = count;
        if (kind == JsonTokenType.StartObject && CountLoneTexts(scan) < count) scan.Edits.RemoveAll(IsLoneText);
    }

    /// <summary>Checks the ids of a list from the first on; leaves the cursor on the list's end.</summary>
    /// <returns>The ids so far, <paramref name="before"/> included.</returns>
    private static int CheckTokens(ref RequestCursor cursor, int list, int before)
    {
        var count = before;
        for (; cursor.Token != JsonTokenType.EndArray; cursor.Read())
        {
            if (cursor.Token != JsonTokenType.Number || !cursor.TryGetInt64(out var id) || id is < 0 or > int.MaxValue) cursor.Fail("expected a token id");
            if (++count > RequestBounds.PromptTokens) cursor.FailAt(list, "", $"expected at most {RequestBounds.PromptTokens} token ids");
            cursor.Found.TextBytes += BytesPerToken;
        }
        return count;
    }

    private static int CountLoneTexts(EmbeddingsScan scan)
    {
        var count = 0;
        foreach (var edit in scan.Edits)
            if (IsLoneText(edit)) count++;
        return count;
    }

    private static bool IsLoneText(RequestEdit edit) => edit.Reason == OpenAIChatEdits.SingleText;

    /// <summary>An input of parts. One of a single plain text is noted as that text.</summary>
    private sealed class ItemShape() : ObjectShape("expected an object with content", UnknownKeys.Tolerated,
        new ObjectMember("content", new ArrayShape(OpenAIChatRequestPartSchema.InputPart, "expected a non-empty array of content parts",
            RequestBounds.Parts, min: 1), Required: true))
    {
        public override void Check(ref RequestCursor cursor)
        {
            var scan = OpenAIChatScan.Of(cursor);
            var (start, editsBefore, media) = (cursor.Start, cursor.EditCount, scan.MediaCount);
            scan.Conversation.PlainText = default;
            base.Check(ref cursor);
            var (textStart, textEnd) = scan.Conversation.PlainText;
            if (cursor.ItemCount != 1 || textEnd == 0 || scan.MediaCount > media) return;
            cursor.ForgetEdits(editsBefore);
            cursor.AddEdit(new RequestEdit(RequestEditKind.Keep, OpenAIChatEdits.SingleText, start, cursor.End, textStart, textEnd));
        }

        protected override void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown)
        {
            if (unknown) OpenAIChatScan.Of(cursor).Conversation.PlainText = default;
        }
    }
}
