using System.Text;
using System.Text.Json;

namespace EdgeRouter.Dialects.Validation;

/// <summary>A member of an <see cref="ObjectShape"/>.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Shape">Its value's shape.</param>
/// <param name="Required">Whether it must be there; one that need not may be null.</param>
internal sealed record ObjectMember(string Name, RequestShape Shape, bool Required = false)
{
    /// <summary>Its key in UTF-8.</summary>
    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>Another spelling of its key; null: there is none. Both together are the member twice.</summary>
    public string? OtherName
    {
        get;
        init
        {
            field = value;
            Utf8OtherName = value is null ? null : Encoding.UTF8.GetBytes(value);
        }
    }

    /// <summary><see cref="OtherName"/> in UTF-8.</summary>
    public byte[]? Utf8OtherName { get; private init; }

    /// <summary>Why a splicer leaves it out (<see cref="RequestEdit.Reason"/>); null: it keeps it.</summary>
    public byte? CutAs { get; init; }

    /// <summary>Whether an empty list in it means nothing, so that a splicer leaves it out. Only in a <see cref="CanonicalShape"/>.</summary>
    public bool IsCutWhenEmpty { get; init; }

    /// <summary>Whether the content model has no property for it, so that readers keep it as an extension and writers write it from there.</summary>
    public bool IsExtension { get; init; }
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
/// An object with named members. Two members of one name are an error, also among those without a name here and in what they hold: two readers might see
/// different requests. So is a member whose name differs from a named one only in case.
/// </summary>
internal class ObjectShape(string expected, UnknownKeys unknownKeys, params ObjectMember[] members) : RequestShape(expected)
{
    private const int MaxOtherMembers = 16;

    /// <summary>See <see cref="CanonicalShape"/>.</summary>
    protected virtual bool IsCanonical => false;

    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        if (cursor.Token != JsonTokenType.StartObject) cursor.Fail(Expected);
        var start = cursor.Start;
        var opened = cursor.OpenObject();
        var seen = 0UL;
        var present = 0UL;
        var unknown = false;
        var otherCount = 0;
        cursor.Read();
        while (cursor.Token != JsonTokenType.EndObject)
        {
            var nameStart = cursor.Start;
            var index = IndexOf(ref cursor);
            if (index < 0)
            {
                CheckOther(ref cursor, opened, ++otherCount);
                cursor.Read();
                var isNull = cursor.Token == JsonTokenType.Null;
                unknown |= !isNull;
                cursor.SkipUnique();
                cursor.Read();
                if (isNull && IsCanonical) cursor.AddEdit(RequestEdit.Cut(RequestEdit.Always, nameStart, cursor.Start));
                continue;
            }
            var (member, bit) = (members[index], 1UL << index);
            if ((seen & bit) != 0) cursor.FailDuplicate();
            seen |= bit;
            cursor.Read();
            byte? cutAs;
            if (cursor.Token == JsonTokenType.Null && !member.Required) cutAs = IsCanonical ? RequestEdit.Always : null;
            else
            {
                present |= bit;
                member.Shape.Check(ref cursor);
                cutAs = IsCanonical && member.IsCutWhenEmpty && cursor.ItemCount == 0 ? RequestEdit.Always : member.CutAs;
            }
            cursor.Read();
            if (cutAs is { } reason) cursor.AddEdit(RequestEdit.Cut(reason, nameStart, cursor.Start));
        }
        cursor.CloseObject(opened);
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

    private void CheckOther(ref RequestCursor cursor, int opened, int count)
    {
        foreach (var member in members)
        {
            if (cursor.FoldsTo(member.Utf8Name)) cursor.FailOtherCase(member.Name);
            if (member.Utf8OtherName is { } other && cursor.FoldsTo(other)) cursor.FailOtherCase(member.OtherName!);
        }
        if (unknownKeys == UnknownKeys.Refused) cursor.FailUnknownKey();
        cursor.AddKey(opened);
        if (IsCanonical && count > MaxOtherMembers) cursor.Fail($"expected at most {MaxOtherMembers} unknown members");
    }

    private int IndexOf(ref RequestCursor cursor)
    {
        for (var i = 0; i < members.Length; i++)
            if (cursor.TextEquals(members[i].Utf8Name) || (members[i].Utf8OtherName is { } other && cursor.TextEquals(other))) return i;
        return -1;
    }
}

/// <summary>
/// An object that becomes a canonical type, where null means "not given": its null members are noted, so that the splicer leaves them out as the
/// canonical path does. It may have 16 members without a name here. Other objects are passed on verbatim, or are only for the router.
/// </summary>
internal class CanonicalShape(string expected, params ObjectMember[] members) : ObjectShape(expected, UnknownKeys.Tolerated, members)
{
    /// <inheritdoc/>
    protected override bool IsCanonical => true;
}
