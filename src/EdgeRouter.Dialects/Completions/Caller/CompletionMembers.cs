using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Completions.Caller;

/// <summary>
/// The top-level members of a completion request. Those that only this API has are checked here; all others are members of a chat request, and are
/// checked where that is read. Immutable once read.
/// </summary>
internal sealed class CompletionMembers
{
    private const int MaxDepth = 64;
    private const int MaxMembers = 256;
    private const int MostBestOf = 128;
    private const int MostLogprobs = 20;

    /// <summary>Members of a chat request that a text cannot answer, or that stand in the place of the prompt.</summary>
    private static readonly string[] ChatOnly = ["messages", "tools", "tool_choice", "parallel_tool_calls", "modalities", "audio"];

    private readonly List<CompletionMember> all = [];
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>Every member that is given and not null, in the order of the body.</summary>
    public IReadOnlyList<CompletionMember> All => all;

    /// <summary><c>prompt</c>.</summary>
    public CompletionPrompt Prompt { get; private set; } = CompletionPrompt.None;

    /// <summary>UTF-8 bytes of <c>suffix</c>; null: not given.</summary>
    public int? SuffixBytes { get; private set; }

    /// <summary><c>echo</c>: whether each text begins with the prompt.</summary>
    public bool Echo { get; private set; }

    /// <summary><c>best_of</c>; null: not given.</summary>
    public int? BestOf { get; private set; }

    /// <summary>Whether <c>logprobs</c> is given.</summary>
    public bool Logprobs { get; private set; }

    /// <summary>Checks the body and finds the members.</summary>
    /// <exception cref="RouterException">400 naming the member (or position, for malformed JSON) and what was expected.</exception>
    public static CompletionMembers Read(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body)) throw Invalid("body", "expected JSON in UTF-8");
        var members = new CompletionMembers();
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw Invalid("body", "expected a JSON object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) members.Add(ref reader);
            // Anything behind the object is an error of the reader.
            reader.Read();
        }
        catch (JsonException malformed)
        {
            var reason = malformed.Message;
            var position = reason.IndexOf(" LineNumber:", StringComparison.Ordinal);
            if (position >= 0) reason = reason[..position];
            throw Invalid("body", $"expected JSON; line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}: {reason}");
        }
        if (members.Prompt.Count == 0) throw Invalid("prompt", "required, " + CompletionPrompt.Expected);
        return members;
    }

    /// <summary>The same request as a chat request. Only its facts hold where the prompt is not one text.</summary>
    public ReadOnlyMemory<byte> ToChatBody(ReadOnlySpan<byte> body)
    {
        var output = new ArrayBufferWriter<byte>(body.Length + 32);
        output.Write("{\"prompt\":"u8);
        Prompt.WriteAsText(body, output);
        foreach (var member in all)
        {
            if (member.IsOwn) continue;
            output.Write(",\""u8);
            output.Write(member.RawName.In(body));
            output.Write("\":"u8);
            output.Write(member.Value.In(body));
        }
        output.Write("}"u8);
        return output.WrittenMemory;
    }

    private void Add(ref Utf8JsonReader reader)
    {
        var rawName = JsonRange.OfString(ref reader, 0);
        var name = NameOf(ref reader);
        reader.Read();
        if (names.Count == MaxMembers) throw Invalid("body", $"expected at most {MaxMembers} members");
        // A provider may read the first of two where the router reads the last. Null counts too.
        if (!names.Add(name)) throw Invalid(name, "expected once");
        var isOwn = true;
        if (reader.TokenType != JsonTokenType.Null)
        {
            // Values are only looked at here: the range is taken from the reader as it was.
            var probe = reader;
            switch (name)
            {
                case "prompt": Prompt = CompletionPrompt.Read(ref probe); break;
                case "suffix": SuffixBytes = TextLength(ref probe, name); break;
                case "echo": Echo = Flag(ref probe, name); break;
                case "best_of": BestOf = Number(ref probe, name, 1, MostBestOf); break;
                case "logprobs": Logprobs = Number(ref probe, name, 0, MostLogprobs) >= 0; break;
                default: isOwn = false; break;
            }
        }
        else
        {
            isOwn = name is "prompt" or "suffix" or "echo" or "best_of" or "logprobs";
        }
        var isNull = reader.TokenType == JsonTokenType.Null;
        if (!isNull && ChatOnly.Contains(name)) throw Invalid(name, "not a member of completions; expected a request of chat/completions for it");
        var value = JsonRange.OfValue(ref reader, 0);
        // A null member is the same as an absent one.
        if (isOwn || !isNull) all.Add(new CompletionMember(name, rawName, value, isOwn, isNull));
    }

    private static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Invalid("body", "expected text, but an escape is half of a surrogate pair");
        }
    }

    private static int TextLength(ref Utf8JsonReader reader, string name) => reader.TokenType == JsonTokenType.String
        ? JsonStrings.DecodedLength(reader.ValueSpan) : throw Invalid(name, "expected a string");

    private static bool Flag(ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Invalid(name, "expected true or false"),
    };

    private static int Number(ref Utf8JsonReader reader, string name, int min, int max) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) && value >= min && value <= max
            ? value : throw Invalid(name, $"expected an integer from {min} to {max}");

    private static RouterException Invalid(string field, string expected) => new(RouterError.InvalidField(field, expected));
}

/// <summary>A top-level member.</summary>
/// <param name="Name">Its key, unescaped.</param>
/// <param name="RawName">Its key in the body, without quotes.</param>
/// <param name="Value">Its value in the body.</param>
/// <param name="IsOwn">Whether it is a member of completions only, or means something else there than in chat.</param>
/// <param name="IsNull">Whether its value is null.</param>
internal readonly record struct CompletionMember(string Name, JsonRange RawName, JsonRange Value, bool IsOwn, bool IsNull);
