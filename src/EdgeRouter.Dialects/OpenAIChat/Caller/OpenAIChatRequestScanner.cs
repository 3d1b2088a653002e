using System.Text.Json;
using System.Text.Unicode;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Validation;
using Members = EdgeRouter.Dialects.OpenAIChat.Caller.OpenAIChatRequestMembers;

namespace EdgeRouter.Dialects.OpenAIChat.Caller;

/// <summary>The one validating pass over a chat request. Nothing is materialised but what routing reads. Thread-safe.</summary>
internal static class OpenAIChatRequestScanner
{
    // Bounds what a body of nothing but tiny members can make us keep.
    private const int MaxUnknownMembers = 64;
    private const int MaxNameLength = 64;

    // The request keeps an array of the right size, not a list that has grown. It never gets larger than the table of members and the unknown ones.
    [ThreadStatic]
    private static List<ScannedMember>? scratch;

    private static readonly System.Collections.Frozen.FrozenDictionary<string, OpenAIChatRequestMember>.AlternateLookup<ReadOnlySpan<char>> ByName =
        Members.ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Checks the body and finds the routing facts. Of top-level members given twice, the last counts.</summary>
    /// <exception cref="RouterException">400 naming field (or position, for malformed JSON) and what was expected.</exception>
    public static OpenAIChatScan Scan(ReadOnlyMemory<byte> body)
    {
        var bytes = body.Span;
        if (!Utf8.IsValid(bytes)) throw Invalid("body", "expected JSON in UTF-8");
        var scan = new OpenAIChatScan();
        var cursor = new RequestCursor(bytes, scan.Edits);
        try
        {
            ScanMembers(ref cursor, scan);
        }
        catch (JsonException malformed)
        {
            throw Malformed(malformed);
        }
        OpenAIChatRequestFacts.Fill(scan, bytes);
        return scan;
    }

    private static void ScanMembers(ref RequestCursor cursor, OpenAIChatScan scan)
    {
        var members = scratch ??= [];
        members.Clear();
        if (cursor.Read() != JsonTokenType.StartObject) cursor.Fail("expected a JSON object");
        while (cursor.Read() != JsonTokenType.EndObject)
        {
            var member = Identify(ref cursor, out var name);
            if (ReferenceEquals(member, Members.Unknown)) name = AddUnknown(ref cursor, scan);
            Forget(members, scan.Edits, name);
            cursor.Read();
            cursor.Facts = default;
            var start = cursor.Start;
            var isNull = cursor.Token == JsonTokenType.Null;
            member.Shape.Check(ref cursor);
            members.Add(new ScannedMember(member, name, start, cursor.End, cursor.Facts) { IsNull = isNull });
        }
        cursor.ReadEnd();
        scan.Members = members.ToArray();
        scan.ConversationHash = cursor.Conversation.Hash;
        scan.ToolNames = cursor.ToolNames;
        scan.InToolLoop = cursor.Conversation.IsInToolLoop;
        scan.HasSignedReasoning = cursor.Conversation.HasSignedReasoning;
        members.Clear();
    }

    private static OpenAIChatRequestMember Identify(ref RequestCursor cursor, out string name)
    {
        name = "";
        if (cursor.TextLength > MaxNameLength) return Members.Unknown;
        Span<char> buffer = stackalloc char[MaxNameLength];
        if (!ByName.TryGetValue(buffer[..cursor.CopyString(buffer)], out var member)) return Members.Unknown;
        name = member.Name;
        return member;
    }

    private static string AddUnknown(ref RequestCursor cursor, OpenAIChatScan scan)
    {
        scan.UnknownParameters ??= [];
        var name = cursor.GetString();
        if (scan.UnknownParameters.Contains(name)) return name;
        if (scan.UnknownParameters.Count == MaxUnknownMembers) cursor.Fail($"expected at most {MaxUnknownMembers} unknown parameters");
        scan.UnknownParameters.Add(name);
        return name;
    }

    private static void Forget(List<ScannedMember> members, List<RequestEdit> edits, string name)
    {
        for (var i = 0; i < members.Count; i++)
        {
            var earlier = members[i];
            if (!earlier.Name.Equals(name, StringComparison.Ordinal)) continue;
            members.RemoveAt(i);
            var first = RequestEdits.FirstFrom(edits, earlier.Start);
            edits.RemoveRange(first, RequestEdits.FirstFrom(edits, earlier.End) - first);
            return;
        }
    }

    private static RouterException Malformed(JsonException malformed)
    {
        var reason = malformed.Message;
        var position = reason.IndexOf(" LineNumber:", StringComparison.Ordinal);
        if (position >= 0) reason = reason[..position];
        return Invalid("body", $"expected JSON; line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}: {reason}");
    }

    private static RouterException Invalid(string field, string expected) => new(RouterError.InvalidField(field, expected));
}
