using System.Text.Json;
using System.Text.Unicode;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.Validation;

/// <summary>The one validating pass over a body. Only what routing needs is read into objects. Thread-safe.</summary>
internal static class RequestWalk
{
    // Bounds what a body of many tiny members can make the router keep.
    private const int MaxUnknownMembers = 64;
    private const int MaxNameLength = 64;

    [ThreadStatic]
    private static Scratch? scratch;

    /// <summary>Checks the body and finds the routing facts.</summary>
    /// <param name="body">The body.</param>
    /// <param name="table">The members that the caller API knows.</param>
    /// <param name="found">Receives what is found; new.</param>
    /// <exception cref="RouterException">400 naming field (or position, for malformed JSON) and what was expected.</exception>
    public static void Run<TMember>(ReadOnlySpan<byte> body, RequestMemberTable<TMember> table, ScannedRequest found)
        where TMember : RequestMember
    {
        if (!Utf8.IsValid(body)) throw Invalid("body", "expected JSON in UTF-8");
        var room = scratch ??= new Scratch();
        try
        {
            WalkMembers(new RequestCursor(body, found, room.Keys), table, found, room.Members);
        }
        catch (JsonException malformed)
        {
            throw Malformed(malformed);
        }
        finally
        {
            room.Members.Clear();
            room.Keys.Clear();
        }
        Note(found, body);
    }

    private static void WalkMembers<TMember>(RequestCursor cursor, RequestMemberTable<TMember> table, ScannedRequest found, List<ScannedMember> members)
        where TMember : RequestMember
    {
        if (cursor.Read() != JsonTokenType.StartObject) cursor.Fail("expected a JSON object");
        while (cursor.Read() != JsonTokenType.EndObject)
        {
            var member = Identify(ref cursor, table);
            var name = member.IsKnown ? member.Name : cursor.GetString();
            foreach (var earlier in members)
                if (earlier.Name.Equals(name, StringComparison.Ordinal)) cursor.FailDuplicate();
            if (!member.IsKnown) AddUnknown(ref cursor, table, found, name);
            cursor.Read();
            var start = cursor.Start;
            var isNull = cursor.Token == JsonTokenType.Null;
            member.Shape.Check(ref cursor);
            members.Add(new ScannedMember(member, name, start, cursor.End) { IsNull = isNull });
        }
        cursor.ReadEnd();
        found.Members = members.ToArray();
    }

    private static RequestMember Identify<TMember>(ref RequestCursor cursor, RequestMemberTable<TMember> table)
        where TMember : RequestMember
    {
        if (cursor.TextLength > MaxNameLength) return table.Find("");
        Span<char> buffer = stackalloc char[MaxNameLength];
        return table.Find(buffer[..cursor.CopyString(buffer)]);
    }

    private static void AddUnknown<TMember>(ref RequestCursor cursor, RequestMemberTable<TMember> table, ScannedRequest found, string name)
        where TMember : RequestMember
    {
        foreach (var known in table.Members)
        {
            if (cursor.FoldsTo(known.Utf8Name)) cursor.FailOtherCase(known.Name);
            if (known.Utf8OtherName is { } other && cursor.FoldsTo(other)) cursor.FailOtherCase(known.OtherName!);
        }
        found.UnknownParameters ??= [];
        if (found.UnknownParameters.Count == MaxUnknownMembers) cursor.Fail($"expected at most {MaxUnknownMembers} unknown parameters");
        found.UnknownParameters.Add(name);
    }

    private static void Note(ScannedRequest found, ReadOnlySpan<byte> body)
    {
        foreach (var given in found.Members)
            if (Counts(found, given)) given.Member.Note?.Invoke(found, given.Slice(body));
        for (var i = 0; i < found.Members.Length; i++)
        {
            var given = found.Members[i];
            if (!Counts(found, given) || !HasEffect(found, given, body)) continue;
            found.Members[i] = given with { HasEffect = true };
            found.Parameters |= given.Member.Parameter;
        }
    }

    private static bool Counts(ScannedRequest found, ScannedMember given) =>
        !given.IsNull && (given.Member.YieldsTo is not { } winner || !found.Has(winner));

    private static bool HasEffect(ScannedRequest found, ScannedMember given, ReadOnlySpan<byte> body)
    {
        if (given.Member.Needs is { } needed && (!found.TryGet(needed, out var other) || !HasEffect(found, other, body))) return false;
        return given.Member.HasEffect is not { } rule || rule(found, given.Slice(body));
    }

    private static RouterException Malformed(JsonException malformed)
    {
        var reason = malformed.Message;
        var position = reason.IndexOf(" LineNumber:", StringComparison.Ordinal);
        if (position >= 0) reason = reason[..position];
        return Invalid("body", $"expected JSON; line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}: {reason}");
    }

    private static RouterException Invalid(string field, string expected) => new(RouterError.InvalidField(field, expected));

    // The request keeps an array of the right size, not a list that has grown.
    private sealed class Scratch
    {
        public List<ScannedMember> Members { get; } = [];

        public OpenKeys Keys { get; } = new();
    }
}
