using System.Text;
using System.Text.Json;

namespace EdgeRouter.Dialects.Validation;

/// <summary>An array of one shape, bounded in length.</summary>
internal sealed class ArrayShape(RequestShape item, string expected, int min = 0, int max = int.MaxValue) : RequestShape(expected)
{
    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        if (cursor.Token != JsonTokenType.StartArray) cursor.Fail(Expected);
        var start = cursor.Start;
        var count = 0;
        while (cursor.Read() != JsonTokenType.EndArray)
        {
            if (++count > max) cursor.FailAt(start, "", Expected);
            item.Check(ref cursor);
        }
        if (count < min) cursor.FailAt(start, "", Expected);
        cursor.ItemCount = count;
    }
}

/// <summary>An object with free keys and values of one shape.</summary>
internal sealed class MapShape(RequestShape value, string expected, int maxPairs = int.MaxValue, int maxKeyLength = int.MaxValue) : RequestShape(expected)
{
    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        if (cursor.Token != JsonTokenType.StartObject) cursor.Fail(Expected);
        var start = cursor.Start;
        var count = 0;
        while (cursor.Read() != JsonTokenType.EndObject)
        {
            if (++count > maxPairs) cursor.FailAt(start, "", Expected);
            if (cursor.TextLength > maxKeyLength && cursor.GetString().Length > maxKeyLength)
                cursor.Fail($"expected a key of at most {maxKeyLength} characters");
            cursor.Read();
            value.Check(ref cursor);
        }
    }
}

/// <summary>A member of an <see cref="ObjectShape"/>.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Shape">Its value's shape.</param>
/// <param name="Required">Whether it must be there; one that need not may be null.</param>
/// <param name="CutAs">Why a splicer may have to leave it out; null: it never has to.</param>
internal sealed record ObjectMember(string Name, RequestShape Shape, bool Required = false, RequestEditKind? CutAs = null)
{
    /// <summary>Its key in UTF-8.</summary>
    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(Name);
}

/// <summary>What an <see cref="ObjectShape"/> does with keys that it does not name.</summary>
internal enum UnknownKeys
{
    /// <summary>They pass, whatever they hold.</summary>
    Tolerated,

    /// <summary>They are an error.</summary>
    Refused,
}

/// <summary>
/// An object with named members. A named member given twice is an error: two readers might see different requests. In a <see cref="CanonicalShape"/>
/// the same goes for the other members, of which there may be 16.
/// </summary>
internal class ObjectShape(string expected, UnknownKeys unknownKeys, params ObjectMember[] members) : RequestShape(expected)
{
    private const int MaxOtherMembers = 16;

    /// <summary>See <see cref="CanonicalShape"/>.</summary>
    protected virtual bool IsCanonical => false;

    /// <summary>The input modality that such an object adds.</summary>
    public Core.Routing.InputModalities Media { get; init; }

    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        if (cursor.Token != JsonTokenType.StartObject) cursor.Fail(Expected);
        var start = cursor.Start;
        if (Media != 0) cursor.Facts.AddMedia(Media);
        var seen = 0UL;
        var present = 0UL;
        var unknown = false;
        Span<(int Start, int End)> others = stackalloc (int, int)[MaxOtherMembers];
        var otherCount = 0;
        cursor.Read();
        while (cursor.Token != JsonTokenType.EndObject)
        {
            var nameStart = cursor.Start;
            var index = IndexOf(ref cursor);
            if (index < 0 && unknownKeys == UnknownKeys.Refused) cursor.FailUnknownKey();
            if (index >= 0 && (seen & (1UL << index)) != 0) cursor.Fail("expected once");
            if (index < 0 && IsCanonical) AddOther(ref cursor, others, ref otherCount);
            var cutAs = index < 0 ? null : members[index].CutAs;
            cursor.Read();
            if (cursor.Token == JsonTokenType.Null && (index < 0 || !members[index].Required))
            {
                if (index >= 0) seen |= 1UL << index;
                cutAs = IsCanonical ? RequestEditKind.Null : null;
            }
            else if (index < 0)
            {
                cursor.Skip();
                unknown = true;
            }
            else
            {
                seen |= 1UL << index;
                present |= 1UL << index;
                cursor.ItemCount = -1;
                members[index].Shape.Check(ref cursor);
                if (IsCanonical && members[index].CutAs == RequestEditKind.EmptyList) cutAs = cursor.ItemCount == 0 ? RequestEditKind.EmptyList : null;
            }
            cursor.Read();
            if (cutAs is { } kind) cursor.AddEdit(new RequestEdit(kind, nameStart, cursor.Start));
        }
        for (var i = 0; i < members.Length; i++)
            if (members[i].Required && (present & (1UL << i)) == 0) cursor.FailAt(start, members[i].Name, "required, " + members[i].Shape.Expected);
        Finish(ref cursor, start, present, unknown);
    }

    /// <summary>Called on the closing brace.</summary>
    /// <param name="cursor">The cursor.</param>
    /// <param name="start">Where the object starts.</param>
    /// <param name="present">One bit for each named member that is there and not null, in their order.</param>
    /// <param name="unknown">Whether a member without a name here is there and not null.</param>
    protected virtual void Finish(ref RequestCursor cursor, int start, ulong present, bool unknown) { }

    private static void AddOther(ref RequestCursor cursor, scoped Span<(int Start, int End)> others, ref int count)
    {
        foreach (var other in others[..count])
            if (cursor.TextEquals(other)) cursor.Fail("expected once");
        if (count == others.Length) cursor.Fail($"expected at most {MaxOtherMembers} unknown members");
        others[count++] = (cursor.Start + 1, cursor.Start + 1 + cursor.Value.Length);
    }

    private int IndexOf(ref RequestCursor cursor)
    {
        for (var i = 0; i < members.Length; i++)
            if (cursor.TextEquals(members[i].Utf8Name)) return i;
        return -1;
    }
}

/// <summary>
/// An object that becomes a canonical type, where null means "not given": its null members are noted, so that the splicer leaves them out as the
/// canonical path does.
/// Other objects are passed on verbatim, or are only for the router.
/// </summary>
internal class CanonicalShape(string expected, params ObjectMember[] members) : ObjectShape(expected, UnknownKeys.Tolerated, members)
{
    /// <inheritdoc/>
    protected override bool IsCanonical => true;
}
