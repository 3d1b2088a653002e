using System.Text.Json;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.Completions.Requests;

/// <summary>
/// The shape of <c>prompt</c>. The prompts count as one user message: their text (for a token id, 4 bytes, the average of a token) is the
/// prompt's size, and identifies the conversation.
/// </summary>
internal sealed class CompletionPromptShape()
    : RequestShape("expected a string, an array of strings, an array of token ids, or an array of such arrays")
{
    private const int BytesPerToken = 4;

    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        var scan = (CompletionScan)cursor.Found;
        scan.MessageCount++;
        scan.Conversation.BeginTurn(ConversationTurn.User);
        scan.Prompt = cursor.Token switch
        {
            JsonTokenType.String => CheckText(ref cursor),
            JsonTokenType.StartArray => CheckArray(ref cursor),
            _ => throw cursor.Rejection(cursor.Start, "", Expected),
        };
        scan.Conversation.EndTurn();
    }

    private static CompletionPrompt CheckText(ref RequestCursor cursor)
    {
        if (cursor.TextLength == 0) cursor.Fail("expected a non-empty string");
        AddText(ref cursor);
        return new CompletionPrompt(1, HasTokens: false, [cursor.TextLength]);
    }

    private CompletionPrompt CheckArray(ref RequestCursor cursor)
    {
        var start = cursor.Start;
        switch (cursor.Read())
        {
            case JsonTokenType.Number:
                return new CompletionPrompt(1, HasTokens: true, [CheckTokens(ref cursor, start, 0) * BytesPerToken]);
            case JsonTokenType.String or JsonTokenType.StartArray:
                return CheckPrompts(ref cursor, start, cursor.Token);
            default:
                throw cursor.Rejection(start, "", Expected);
        }
    }

    private CompletionPrompt CheckPrompts(ref RequestCursor cursor, int start, JsonTokenType kind)
    {
        var (count, tokens) = (0, 0);
        var sizes = new List<int>();
        for (; cursor.Token != JsonTokenType.EndArray; cursor.Read())
        {
            if (cursor.Token != kind) cursor.FailAt(start, "", Expected);
            if (++count > RequestBounds.Prompts) cursor.FailAt(start, "", $"expected at most {RequestBounds.Prompts} prompts");
            if (kind == JsonTokenType.String)
            {
                AddText(ref cursor);
                sizes.Add(cursor.TextLength);
                continue;
            }
            if (cursor.Read() == JsonTokenType.EndArray) cursor.FailAt(start, "", Expected);
            var before = tokens;
            tokens = CheckTokens(ref cursor, start, tokens);
            sizes.Add((tokens - before) * BytesPerToken);
        }
        return new CompletionPrompt(count, kind == JsonTokenType.StartArray, sizes);
    }

    /// <summary>Checks the ids of a list from the first on; leaves the cursor on the list's end.</summary>
    /// <returns>The ids so far, <paramref name="before"/> included.</returns>
    private int CheckTokens(ref RequestCursor cursor, int start, int before)
    {
        var count = before;
        for (; cursor.Token != JsonTokenType.EndArray; cursor.Read())
        {
            if (cursor.Token != JsonTokenType.Number || !cursor.TryGetInt64(out var id) || id is < 0 or > int.MaxValue) cursor.FailAt(start, "", Expected);
            if (++count > RequestBounds.PromptTokens) cursor.FailAt(start, "", $"expected at most {RequestBounds.PromptTokens} token ids");
            cursor.Found.TextBytes += BytesPerToken;
            Name(ref cursor);
        }
        return count;
    }

    private static void AddText(ref RequestCursor cursor)
    {
        cursor.Found.TextBytes += cursor.TextLength;
        Name(ref cursor);
    }

    private static void Name(ref RequestCursor cursor) => ((CompletionScan)cursor.Found).Conversation.Add(cursor.Value);
}
