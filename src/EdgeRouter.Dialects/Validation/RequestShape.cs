using System.Text.Json;

namespace EdgeRouter.Dialects.Validation;

/// <summary>
/// What a JSON value must look like. The schema of a request is a tree of shapes; checking it is one walk of a cursor, which also collects what routing
/// needs. An API derives shapes of its own for what only it knows. Immutable and thread-safe.
/// </summary>
/// <param name="expected">What is expected, as shown to the caller: <c>expected a number from 0 to 2</c>.</param>
internal abstract class RequestShape(string expected)
{
    /// <summary>What is expected, as shown to the caller.</summary>
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
            if (cursor.Token != JsonTokenType.Null) inner.Check(ref cursor);
        }
    }
}

/// <summary>Any JSON in which no object has two members of one name.</summary>
internal sealed class AnyShape() : RequestShape("expected JSON")
{
    /// <summary>Any JSON.</summary>
    public static readonly AnyShape Instance = new();

    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor) => cursor.SkipUnique();
}

/// <summary>A JSON Schema: an object whose members are not checked, and whose bytes count as prompt text.</summary>
internal sealed class JsonSchemaShape() : RequestShape("expected a JSON Schema object")
{
    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        if (cursor.Token != JsonTokenType.StartObject) cursor.Fail(Expected);
        var start = cursor.Start;
        cursor.Skip();
        cursor.Found.TextBytes += cursor.End - start;
    }
}

/// <summary>A value that this router does not support. It is refused, not ignored.</summary>
/// <param name="reason">Why, as shown to the caller.</param>
internal sealed class RefusedShape(string reason) : RequestShape(reason)
{
    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor) => cursor.Fail(Expected);
}
