using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Callers;

namespace EdgeRouter.Dialects.Gemini.Caller;

/// <summary>
/// What the path and the query of a request say: which model, whether it streams, and how a stream is written. The path ends in model and method:
/// <c>google/gemini-2.5-pro:online:streamGenerateContent</c>.
/// </summary>
/// <param name="Model">The model, without the prefix <c>models/</c>; null: the path has none.</param>
/// <param name="Streams">Whether a stream is asked for.</param>
/// <param name="IsArray">Whether a stream is one JSON array instead of server-sent events.</param>
internal readonly record struct GeminiCall(string? Model, bool Streams, bool IsArray)
{
    /// <summary>The end of a route pattern of any length.</summary>
    public const string Path = "{**" + Last + Methods + "}";

    /// <summary>The end of a route pattern for a model without an author.</summary>
    public const string Short = "{" + Last + Methods + "}";

    /// <summary>The end of a route pattern for a model with its author.</summary>
    public const string Long = "{" + Author + "}/" + Short;

    private const string Author = "author";
    private const string Last = "call";

    // The last colon separates the method from the model, which may have colons too.
    private const string Methods = ":regex(:(generateContent|streamGenerateContent)$)";
    private const int LongestModel = 256;
    private const string Streamed = "streamGenerateContent";
    private const string Prefix = "models/";

    /// <summary>Reads them; refuses nothing.</summary>
    public static GeminiCall Of(IRequestHead head)
    {
        if (head.RouteValue(Last) is not { } path) return default;
        if (head.RouteValue(Author) is { } author) path = $"{author}/{path}";
        var end = path.LastIndexOf(':');
        var streams = path.AsSpan(end + 1).Equals(Streamed, StringComparison.Ordinal);
        return new GeminiCall(ModelOf(path[..Math.Max(0, end)]), streams, streams && FormOf(head) != "sse");
    }

    /// <summary>Refuses what cannot be a model's name, and forms of answers that there are not.</summary>
    /// <exception cref="RouterException">400 naming the model or <c>alt</c>.</exception>
    public void Check(IRequestHead head)
    {
        if (Model is { } model && !IsName(model))
            throw Invalid("model", $"expected in the path the id of a model, of at most {LongestModel} characters of ASCII that can be seen");
        if (FormOf(head) is not ("" or "sse" or "json")) throw Invalid("alt", "expected sse or json");
    }

    /// <summary>A model's name without the prefix that Google's clients put before it.</summary>
    public static string ModelOf(string name)
    {
        // A path keeps this one escape, since a slash separates segments.
        name = name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
    }

    private static bool IsName(string model) => model.Length is > 0 and <= LongestModel && !model.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static string FormOf(IRequestHead head) => head.Query("alt") ?? head.Query("$alt") ?? "";

    private static RouterException Invalid(string field, string expected) => new(RouterError.InvalidField(field, expected));
}
