using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.Validation;

/// <summary>
/// The reader of the one validating pass. Copying it looks ahead. Every string it passes is proven to be text (its escapes hold no lone surrogate),
/// so that no later step can fail on one.
/// </summary>
internal ref struct RequestCursor
{
    /// <summary>Deepest nesting.</summary>
    public const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> body;
    private readonly OpenKeys keys;
    private Utf8JsonReader reader;

    /// <summary>Starts before the body's first token.</summary>
    /// <param name="body">The body.</param>
    /// <param name="found">Receives what the walk finds; edits in ascending order.</param>
    /// <param name="keys">Holds the keys of open objects; empty.</param>
    public RequestCursor(ReadOnlySpan<byte> body, ScannedRequest found, OpenKeys keys)
    {
        this.body = body;
        this.keys = keys;
        Found = found;
        reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>What the walk has found so far. Shapes of an API cast it to that API's type.</summary>
    public readonly ScannedRequest Found;

    /// <summary>Items of the array checked last.</summary>
    public int ItemCount;

    /// <summary>UTF-8 bytes of the current string, unescaped.</summary>
    public int TextLength { get; private set; }

    /// <summary>Type of the current token.</summary>
    public readonly JsonTokenType Token => reader.TokenType;

    /// <summary>The current token's bytes; a string's without quotes, as written.</summary>
    public readonly ReadOnlySpan<byte> Value => reader.ValueSpan;

    /// <summary>Where the current token starts; a string's at its quote.</summary>
    public readonly int Start => (int)reader.TokenStartIndex;

    /// <summary>The byte after the current token.</summary>
    public readonly int End => (int)reader.BytesConsumed;

    /// <summary>Moves to the next token.</summary>
    /// <exception cref="JsonException">The body is not JSON, ends too early or is nested too deeply.</exception>
    public JsonTokenType Read()
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
        {
            TextLength = reader.ValueIsEscaped ? JsonEscapes.UnescapedLength(reader.ValueSpan) : reader.ValueSpan.Length;
            if (TextLength < 0) Fail("expected text, but an escape is half of a surrogate pair");
        }
        return reader.TokenType;
    }

    /// <summary>Moves past the last token. Anything more is an error.</summary>
    public void ReadEnd() => reader.Read();

    /// <summary>Moves from the first to the last token of a value. Its members may have the same name.</summary>
    public void Skip()
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return;
        var depth = reader.CurrentDepth;
        do Read();
        while (reader.CurrentDepth > depth);
    }

    /// <summary>Moves from the first to the last token of a value. Two members of one object that have the same name are an error.</summary>
    public void SkipUnique()
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return;
        var outer = reader.CurrentDepth;
        Span<int> opened = stackalloc int[MaxDepth + 1];
        opened[0] = OpenObject();
        do
        {
            switch (Read())
            {
                case JsonTokenType.StartObject: opened[reader.CurrentDepth - outer] = OpenObject(); break;
                case JsonTokenType.PropertyName: AddKey(opened[reader.CurrentDepth - outer - 1]); break;
                case JsonTokenType.EndObject: CloseObject(opened[reader.CurrentDepth - outer]); break;
            }
        }
        while (reader.CurrentDepth > outer);
    }

    /// <summary>Begins an object whose keys are compared with each other.</summary>
    /// <returns>Identifies the object.</returns>
    public readonly int OpenObject() => keys.Count;

    /// <summary>Takes the key under the cursor; one that the object has already is an error. No inner object may be open.</summary>
    public readonly void AddKey(int openObject)
    {
        switch (keys.Add(body, openObject, Start + 1, Value.Length, reader.ValueIsEscaped))
        {
            case KeyResult.Duplicate: FailDuplicate(); break;
            case KeyResult.TooMany: Fail($"expected at most {OpenKeys.Most} members that the router does not know"); break;
        }
    }

    /// <summary>Forgets the keys of an object.</summary>
    public readonly void CloseObject(int openObject) => keys.Close(openObject);

    /// <summary>Whether the current string, unescaped, equals.</summary>
    public readonly bool TextEquals(ReadOnlySpan<byte> text) => reader.ValueTextEquals(text);

    /// <summary>Whether readers that ignore case take the current string for a known name.</summary>
    public readonly bool FoldsTo(ReadOnlySpan<byte> known)
    {
        if (TextLength < known.Length || TextLength > known.Length * FoldedNames.MostBytesPerLetter) return false;
        if (!reader.ValueIsEscaped) return FoldedNames.AreEqual(Value, known);
        // An escape is 6 bytes long.
        Span<byte> plain = stackalloc byte[Value.Length];
        return FoldedNames.AreEqual(plain[..CopyUtf8(plain)], known);
    }

    /// <summary>The current string.</summary>
    public readonly string GetString() => reader.GetString()!;

    /// <summary>Copies the current string; the destination must hold <see cref="TextLength"/> characters.</summary>
    public readonly int CopyString(Span<char> destination) => reader.CopyString(destination);

    /// <summary>Copies the current string in UTF-8; the destination must hold the bytes of <see cref="Value"/>.</summary>
    public readonly int CopyUtf8(Span<byte> destination) => reader.CopyString(destination);

    /// <summary>The current number.</summary>
    public readonly bool TryGetDouble(out double value) => reader.TryGetDouble(out value);

    /// <summary>The current number.</summary>
    public readonly bool TryGetInt64(out long value) => reader.TryGetInt64(out value);

    /// <summary>The current number.</summary>
    public readonly bool TryGetDecimal(out decimal value) => reader.TryGetDecimal(out value);

    /// <summary>Adds an edit after the existing ones.</summary>
    public readonly void AddEdit(RequestEdit edit) => Found.Edits.Add(edit);

    /// <summary>Number of edits noted.</summary>
    public readonly int EditCount => Found.Edits.Count;

    /// <summary>Forgets the edits noted since there were <paramref name="count"/>.</summary>
    public readonly void ForgetEdits(int count) => Found.Edits.RemoveRange(count, Found.Edits.Count - count);

    /// <summary>Rejects the request because of the current token.</summary>
    [DoesNotReturn]
    public readonly void Fail(string expected) => FailAt(Start, "", expected);

    /// <summary>Rejects the request because of the token at <paramref name="start"/>, or of its member <paramref name="member"/>.</summary>
    [DoesNotReturn]
    public readonly void FailAt(int start, string member, string expected) => throw Rejection(start, member, expected);

    /// <summary>Rejects the request because its object has the key under the cursor already.</summary>
    [DoesNotReturn]
    public readonly void FailDuplicate() => Fail("expected once, but the object has two members of that name");

    /// <summary>Rejects the request because of the key under the cursor.</summary>
    [DoesNotReturn]
    public readonly void FailUnknownKey() => Fail($"Unrecognized key(s) in object: '{RequestPath.KeyText(Value)}'");

    /// <summary>Rejects the request because the key under the cursor differs from a known one only in case.</summary>
    [DoesNotReturn]
    public readonly void FailOtherCase(string known) =>
        Fail($"expected the spelling '{known}', not '{RequestPath.KeyText(Value)}': a provider that ignores case would take one for the other");

    /// <summary>The 400 because of the token at <paramref name="start"/>, or of its member <paramref name="member"/>.</summary>
    public readonly RouterException Rejection(int start, string member, string expected)
    {
        var path = RequestPath.At(body, start);
        if (member.Length > 0) path = path.Length > 0 ? $"{path}.{member}" : member;
        return new RouterException(RouterError.InvalidField(path.Length > 0 ? path : "body", expected));
    }
}
