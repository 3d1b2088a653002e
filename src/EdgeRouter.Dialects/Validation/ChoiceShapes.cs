using System.Text;
using System.Text.Json;

namespace EdgeRouter.Dialects.Validation;

/// <summary>One of several shapes. The first token selects the shape.</summary>
internal sealed class TokenShape(string expected, params (JsonTokenType Token, RequestShape Shape)[] choices) : RequestShape(expected)
{
    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        foreach (var (token, shape) in choices)
        {
            if (cursor.Token != token) continue;
            shape.Check(ref cursor);
            return;
        }
        cursor.Fail(Expected);
    }
}

/// <summary>An object whose shape is selected by one of its members, at any position.</summary>
/// <param name="tag">The member that selects: <c>role</c>, <c>type</c>, <c>id</c>.</param>
/// <param name="expected">What is expected of the object.</param>
/// <param name="expectedTag">What is expected of the member.</param>
/// <param name="otherwise">Shape of objects with another tag; null: they are an error.</param>
/// <param name="variants">Shape by tag.</param>
internal sealed class TaggedShape(string tag, string expected, string expectedTag, RequestShape? otherwise, params (string Tag, RequestShape Shape)[] variants)
    : RequestShape(expected)
{
    private readonly byte[] utf8Tag = Encoding.UTF8.GetBytes(tag);
    private readonly (byte[] Tag, RequestShape Shape)[] variants = [.. variants.Select(variant => (Encoding.UTF8.GetBytes(variant.Tag), variant.Shape))];

    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        if (cursor.Token != JsonTokenType.StartObject) cursor.Fail(Expected);
        var ahead = cursor;
        while (true)
        {
            if (ahead.Read() == JsonTokenType.EndObject) cursor.FailAt(cursor.Start, tag, "required, " + expectedTag);
            var found = ahead.TextEquals(utf8Tag);
            ahead.Read();
            if (found) break;
            ahead.Skip();
        }
        Select(ref ahead).Check(ref cursor);
    }

    private RequestShape Select(ref RequestCursor atTag)
    {
        if (atTag.Token == JsonTokenType.String)
        {
            foreach (var (name, shape) in variants)
                if (atTag.TextEquals(name)) return shape;
            if (otherwise is not null) return otherwise;
        }
        var given = atTag.Token == JsonTokenType.String ? $", not '{RequestPath.KeyText(atTag.Value)}'" : "";
        throw atTag.Rejection(atTag.Start, "", expectedTag + given);
    }
}
