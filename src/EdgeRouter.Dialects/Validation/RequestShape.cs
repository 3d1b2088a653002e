using EdgeRouter.Dialects.OpenAIChat.Caller;

namespace EdgeRouter.Dialects.Validation;

/// <summary>
/// What a JSON value must look like. The schema of the request is a tree of shapes (<see cref="OpenAIChatRequestSchema"/>); checking it is one walk
/// of a cursor, which gathers the routing facts on its way. Immutable and thread-safe.
/// </summary>
/// <param name="expected">What is expected, as told to the caller: <c>expected a number from 0 to 2</c>.</param>
internal abstract class RequestShape(string expected)
{
    /// <summary>What is expected, as told to the caller.</summary>
    public string Expected { get; } = expected;

    /// <summary>Checks the value whose first token is under the cursor; leaves the cursor on its last token.</summary>
    /// <exception cref="Core.Errors.RouterException">400 naming the field.</exception>
    public abstract void Check(ref RequestCursor cursor);

    /// <summary>The same shape, or null.</summary>
    public RequestShape OrNull() => new NullableShape(this);

    private sealed class NullableShape(RequestShape inner) : RequestShape(inner.Expected + " or null")
    {
        public override void Check(ref RequestCursor cursor)
        {
            if (cursor.Token != System.Text.Json.JsonTokenType.Null) inner.Check(ref cursor);
        }
    }
}

/// <summary>Any JSON.</summary>
/// <param name="countsAsText">Whether its bytes count as prompt text (schemas do).</param>
internal sealed class AnyShape(bool countsAsText = false) : RequestShape("expected JSON")
{
    /// <summary>Any JSON, not counted.</summary>
    public static readonly AnyShape Instance = new();

    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        var start = cursor.Start;
        cursor.Skip();
        if (countsAsText) cursor.Facts.TextBytes += cursor.End - start;
    }
}

/// <summary>A value that this router cannot honour; better refused than ignored.</summary>
/// <param name="reason">Why, as told to the caller.</param>
internal sealed class RefusedShape(string reason) : RequestShape(reason)
{
    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor) => cursor.Fail(Expected);
}
