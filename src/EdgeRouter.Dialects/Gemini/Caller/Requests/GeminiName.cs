using System.Text;
using System.Text.Json;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests;

/// <summary>
/// The name of a member. JSON of protocol buffers has two spellings of each: camel case, and the snake case of its definition. Immutable and thread-safe.
/// </summary>
internal sealed class GeminiName
{
    /// <summary>A name.</summary>
    /// <param name="camel">In camel case.</param>
    public GeminiName(string camel)
    {
        Camel = camel;
        var snake = new StringBuilder(camel.Length + 4);
        foreach (var letter in camel)
        {
            if (char.IsAsciiLetterUpper(letter)) snake.Append('_').Append(char.ToLowerInvariant(letter));
            else snake.Append(letter);
        }
        Other = snake.Length == camel.Length ? null : snake.ToString();
    }

    /// <summary>Camel case.</summary>
    public string Camel { get; }

    /// <summary>Snake case; null: it is the same.</summary>
    public string? Other { get; }

    /// <summary>A member of an object.</summary>
    public ObjectMember Of(RequestShape shape, bool required = false) => new(Camel, shape, required) { OtherName = Other };
}

/// <summary>Reads members in either spelling.</summary>
internal static class GeminiMemberReading
{
    /// <summary>A member; null: absent or null.</summary>
    public static JsonElement? Member(this JsonElement parent, GeminiName name) =>
        parent.Member(name.Camel) ?? (name.Other is { } other ? parent.Member(other) : null);

    /// <summary>A string member.</summary>
    public static string? Text(this JsonElement parent, GeminiName name) => parent.Member(name)?.GetString();

    /// <summary>An integer member, which may be written with a fraction of zero.</summary>
    public static int? Whole(this JsonElement parent, GeminiName name) =>
        parent.Member(name) is { } value ? value.TryGetInt32(out var whole) ? whole : (int)value.GetDouble() : null;

    /// <summary>A list: the items of an array, or the one object that stands for it.</summary>
    public static IReadOnlyList<JsonElement> Items(this JsonElement? list) => list switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } array => [.. array.EnumerateArray()],
        { } one => [one],
    };
}
