using System.Collections.Frozen;

namespace EdgeRouter.Dialects.Validation;

/// <summary>The top-level members that a caller API knows. Immutable and thread-safe.</summary>
/// <typeparam name="TMember">The API's type of members.</typeparam>
internal sealed class RequestMemberTable<TMember>
    where TMember : RequestMember
{
    private readonly TMember unknown;
    private readonly FrozenDictionary<string, TMember> byName;
    private readonly FrozenDictionary<string, TMember>.AlternateLookup<ReadOnlySpan<char>> bySpan;

    /// <summary>Takes the members.</summary>
    /// <param name="unknown">Stands for every member that the table does not have.</param>
    /// <param name="members">The members, each name once.</param>
    public RequestMemberTable(TMember unknown, IReadOnlyList<TMember> members)
    {
        this.unknown = unknown;
        Members = members;
        byName = members.Select(member => (member.Name, Member: member))
            .Concat(members.Where(member => member.OtherName is not null).Select(member => (Name: member.OtherName!, Member: member)))
            .ToFrozenDictionary(named => named.Name, named => named.Member, StringComparer.Ordinal);
        bySpan = byName.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The members, in the order in which they are written.</summary>
    public IReadOnlyList<TMember> Members { get; }

    /// <summary>The member of that name; the one that stands for unknown ones when there is none.</summary>
    public TMember Find(ReadOnlySpan<char> name) => bySpan.TryGetValue(name, out var member) ? member : unknown;
}
