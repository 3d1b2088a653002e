using System.Text.Json;

namespace EdgeRouter.Dialects.Validation;

/// <summary>An array of one shape, bounded in length (<see cref="RequestBounds"/>).</summary>
internal sealed class ArrayShape(RequestShape item, string expected, int max, int min = 0) : RequestShape(expected)
{
    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        if (cursor.Token != JsonTokenType.StartArray) cursor.Fail(Expected);
        var start = cursor.Start;
        var count = 0;
        while (cursor.Read() != JsonTokenType.EndArray)
        {
            if (++count > max) cursor.FailAt(start, "", $"expected at most {max} items");
            item.Check(ref cursor);
        }
        if (count < min) cursor.FailAt(start, "", Expected);
        cursor.ItemCount = count;
    }
}

/// <summary>An object with free keys and values of one shape, bounded in members (<see cref="RequestBounds"/>).</summary>
internal sealed class MapShape(RequestShape value, string expected, int maxPairs, int maxKeyLength = int.MaxValue) : RequestShape(expected)
{
    /// <summary>Whether a key may be given twice.</summary>
    public bool MayRepeatKeys { get; init; }

    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        if (cursor.Token != JsonTokenType.StartObject) cursor.Fail(Expected);
        var start = cursor.Start;
        var count = 0;
        var opened = cursor.OpenObject();
        while (cursor.Read() != JsonTokenType.EndObject)
        {
            if (++count > maxPairs) cursor.FailAt(start, "", $"expected at most {maxPairs} members");
            if (cursor.TextLength > maxKeyLength && cursor.GetString().Length > maxKeyLength)
                cursor.Fail($"expected a key of at most {maxKeyLength} characters");
            if (!MayRepeatKeys) cursor.AddKey(opened);
            cursor.Read();
            value.Check(ref cursor);
        }
        cursor.CloseObject(opened);
    }
}
