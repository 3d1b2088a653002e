using System.Text.Json;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Checking;

/// <summary>Shapes that the schemas of this API share.</summary>
internal static class GeminiShapes
{
    /// <summary>A list, or the one object that stands for it, as Google's own examples have it.</summary>
    public static RequestShape OneOrMany(RequestShape item, string expected, int max, int min = 0) => new TokenShape(expected,
        (JsonTokenType.StartObject, item), (JsonTokenType.StartArray, new ArrayShape(item, expected, max, min)));

    /// <summary>A word of an enumeration, in upper case or in lower.</summary>
    public static RequestShape Word(params string[] words) => new WordShape([.. words, .. words.Select(word => word.ToLowerInvariant())]);

    /// <summary>A string that becomes part of the conversation's hash, where the content identifies the conversation.</summary>
    public static RequestShape Naming(RequestShape text) => new NamingShape(text);

    /// <summary>An object whose bytes count as text of the prompt.</summary>
    public static readonly RequestShape TextObject = new TextObjectShape();

    /// <summary>What the content model has no place for, and what an answer does not need.</summary>
    public static RequestShape Uncarried(string name) => new UncarriedShape(name);

    /// <summary>What only Google's API has. All of it counts as text of the prompt.</summary>
    public static RequestShape Native(string what) => new NativeShape(what);

    private sealed class NamingShape(RequestShape text) : RequestShape(text.Expected)
    {
        public override void Check(ref RequestCursor cursor)
        {
            text.Check(ref cursor);
            var scan = GeminiScan.Of(cursor);
            if (scan.Conversation.NamesConversation) scan.Conversation.Add(cursor.Value);
        }
    }

    private sealed class TextObjectShape() : RequestShape("expected an object")
    {
        public override void Check(ref RequestCursor cursor)
        {
            if (cursor.Token != JsonTokenType.StartObject) cursor.Fail(Expected);
            var start = cursor.Start;
            cursor.Skip();
            cursor.Found.TextBytes += cursor.End - start;
        }
    }

    private sealed class UncarriedShape(string name) : RequestShape("expected JSON")
    {
        public override void Check(ref RequestCursor cursor)
        {
            GeminiScan.Of(cursor).AddUncarried(name);
            cursor.SkipUnique();
        }
    }

    private sealed class NativeShape(string what) : RequestShape("expected JSON")
    {
        public override void Check(ref RequestCursor cursor)
        {
            GeminiScan.Of(cursor).RequireNative(what);
            var start = cursor.Start;
            cursor.SkipUnique();
            cursor.Found.TextBytes += cursor.End - start;
        }
    }
}

/// <summary>A whole number in a closed range. Python's client writes some with a fraction of zero.</summary>
internal sealed class GeminiWholeShape(int min, int max)
    : RequestShape(max == int.MaxValue ? min == int.MinValue ? "expected an integer of 32 bits" : $"expected an integer of at least {min}"
        : $"expected an integer from {min} to {max}")
{
    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        if (cursor.Token != JsonTokenType.Number || !cursor.TryGetDouble(out var value) || !(value >= min && value <= max) || value != Math.Floor(value))
            cursor.Fail(Expected);
    }
}
