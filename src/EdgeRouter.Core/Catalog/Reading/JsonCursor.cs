using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeRouter.Core.Catalog.Reading;

/// <summary>
/// Walks a catalog document once, without building a tree, and knows where it is, so that every fault is reported with its JSON path. A value method is
/// called with the cursor on the value and leaves it on the value's last token; a wrong value is reported, skipped and given as null.
/// Malformed JSON throws <see cref="JsonException"/>.
/// </summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> json, string document, ErrorList errors, StringPool strings)
{
    private const int MaxDepth = 16;
    private const int MaxItems = 4096;
    private readonly List<Step> path = [];
    private Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });

    public readonly string Document => document;

    /// <summary>Moves onto the document's value.</summary>
    public void Start() => reader.Read();

    /// <summary>Reads on to the end of the document: anything after the value is malformed JSON.</summary>
    public void End() => reader.Read();

    public bool BeginObject()
    {
        if (reader.TokenType != JsonTokenType.StartObject) return Fail("expected an object");
        path.Add(default);
        return true;
    }

    /// <summary>The next member's name, with the cursor on its value; null at the object's end.</summary>
    public string? NextMember()
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            path.RemoveAt(path.Count - 1);
            return null;
        }
        path[^1] = default;
        var name = Decode(maxLength: 200) ?? "";
        path[^1] = new Step(name, 0);
        reader.Read();
        return name;
    }

    public bool BeginArray()
    {
        if (reader.TokenType != JsonTokenType.StartArray) return Fail("expected an array");
        path.Add(new Step(null, -1));
        return true;
    }

    /// <summary>Moves onto the next element; false at the array's end.</summary>
    public bool NextElement()
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndArray)
        {
            path.RemoveAt(path.Count - 1);
            return false;
        }
        path[^1] = new Step(null, path[^1].Index + 1);
        return true;
    }

    /// <summary>True (and the value is read) when it is null, which means the same as leaving the member out.</summary>
    public readonly bool IsNull => reader.TokenType == JsonTokenType.Null;

    public string? Text(int maxLength = 300)
    {
        if (reader.TokenType == JsonTokenType.String && Decode(maxLength) is { Length: > 0 } text) return text;
        Fail($"expected a string of 1 to {maxLength} characters");
        return null;
    }

    public bool? Boolean()
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False) return reader.GetBoolean();
        Fail("expected true or false");
        return null;
    }

    public long? Integer(long min, long max)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && value >= min && value <= max) return value;
        Fail($"expected a whole number from {min} to {max}");
        return null;
    }

    /// <summary>A price; <paramref name="below"/> catches prices given per million tokens.</summary>
    public decimal? Price(decimal below, string unit)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped
            || !decimal.TryParse(reader.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price))
            Fail("expected a decimal string >= 0");
        else if (price >= below)
            Fail($"expected a decimal string >= 0 in USD {unit}, below {below}");
        else return price;
        return null;
    }

    public List<string>? Texts(int maxLength = 100)
    {
        if (!BeginArray()) return null;
        var list = new List<string>();
        while (NextElement())
        {
            if (list.Count == MaxItems) Fail($"expected at most {MaxItems} items");
            else if (Text(maxLength) is { } text) list.Add(text);
        }
        return list;
    }

    public Dictionary<string, string>? TextMap(int maxLength = 1000)
    {
        if (!BeginObject()) return null;
        var map = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (NextMember() is { } name)
            if (Text(maxLength) is { } text) map[name] = text;
        return map;
    }

    /// <summary>Finds a text member of the object that begins here, without moving. Null: not there, or not a text.</summary>
    public readonly string? Peek(ReadOnlySpan<byte> member)
    {
        var ahead = this;
        if (ahead.reader.TokenType != JsonTokenType.StartObject) return null;
        var depth = ahead.reader.CurrentDepth;
        while (ahead.reader.Read() && ahead.reader.CurrentDepth > depth)
        {
            var found = ahead.reader.ValueTextEquals(member);
            ahead.reader.Read();
            if (found) return ahead.reader.TokenType == JsonTokenType.String ? ahead.Decode(300) : null;
            ahead.reader.Skip();
        }
        return null;
    }

    public bool UnknownMember(string expectedMembers) => Fail($"unknown member; expected one of {expectedMembers}");

    /// <summary>Reports the value here, skips it, and gives false.</summary>
    public bool Fail(string expectation)
    {
        Report(expectation);
        reader.Skip();
        return false;
    }

    /// <summary>Reports something about the place where the cursor is (or, with a member name, below it) without moving.</summary>
    public readonly void Report(string expectation, string? member = null)
    {
        var text = new StringBuilder();
        foreach (var step in path)
        {
            if (step.Name is null)
            {
                if (step.Index >= 0) text.Append(CultureInfo.InvariantCulture, $"[{step.Index}]");
            }
            else text.Append(text.Length == 0 ? "" : ".").Append(step.Name);
        }
        if (member is not null) text.Append(text.Length == 0 ? "" : ".").Append(member);
        errors.Add(document, text.ToString(), expectation);
    }

    /// <summary>Skips the value here.</summary>
    public void Skip() => reader.Skip();

    private readonly string? Decode(int maxLength)
    {
        if (reader.ValueSpan.Length > maxLength * 6) return null; // an escape takes at most six bytes a character
        Span<char> buffer = reader.ValueSpan.Length <= 512 ? stackalloc char[512] : new char[reader.ValueSpan.Length];
        int length;
        try
        {
            length = reader.CopyString(buffer);
        }
        catch (InvalidOperationException)
        {
            return null; // not UTF-8, or half a surrogate pair: reported by the caller like any wrong text
        }
        return length > maxLength ? null : strings.Get(buffer[..length]);
    }

    private readonly record struct Step(string? Name, int Index);
}
