using System.Globalization;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>Upstream model names of the scripted provider. The name is the script.</summary>
public static class ScriptedModels
{
    /// <summary>Repeats the last user text word by word, or quotes the last tool result.</summary>
    public const string Echo = "echo";

    /// <summary>Calls the offered tools by itself, two of them unless <c>parallel_tool_calls</c> is false; then as <see cref="Echo"/>.</summary>
    public const string Tools = "tools";

    /// <summary>Always answers with JSON: a valid instance of the schema, or an object with the text.</summary>
    public const string Json = "json";

    /// <summary>Reasons first, in signed blocks; then as <see cref="Echo"/>.</summary>
    public const string Reasoning = "reasoning";

    /// <summary>Describes the content parts of the last user turn; generates a tiny image when <c>modalities</c> has image.</summary>
    public const string Image = "image";

    /// <summary>Gives texts vectors, see <see cref="ScriptedEmbeddings"/>; as a chat, as <see cref="Echo"/>.</summary>
    public const string Embeddings = "embeddings";

    /// <summary>Ranks documents, see <see cref="ScriptedRerank"/>; as a chat, as <see cref="Echo"/>.</summary>
    public const string Rerank = "rerank";

    /// <summary>Prefix of names such as <c>slow-2000ms</c>: as <see cref="Echo"/>, with that pause before the first token.</summary>
    public const string Slow = "slow-";

    /// <summary>Accepts the request and never answers.</summary>
    public const string Silent = "silent";

    /// <summary>Refuses the connection.</summary>
    public const string Refused = "refused";

    /// <summary>The connection is reset after a few tokens.</summary>
    public const string Reset = "reset";

    /// <summary>Prefix of names such as <c>error-429</c>: fails with that status (400 to 599).</summary>
    public const string Error = "error-";

    /// <summary>Fails because the context is too long.</summary>
    public const string ContextLengthError = "context-length-error";

    /// <summary>The stream stops after a few tokens without a completion.</summary>
    public const string Truncated = "truncated";

    /// <summary>The stream becomes malformed after a few tokens.</summary>
    public const string Malformed = "malformed";

    /// <summary>The stream reports an error after a few tokens.</summary>
    public const string MidstreamError = "midstream-error";

    /// <summary>As <see cref="Echo"/>, without usage.</summary>
    public const string UsageMissing = "usage-missing";

    /// <summary>Ends after half of the text because of a filter.</summary>
    public const string ContentFilter = "content-filter";

    /// <summary>Ends after half of the text because of the token limit.</summary>
    public const string Length = "length";

    /// <summary>Names that have no number in them.</summary>
    public static readonly IReadOnlyList<string> Fixed =
    [
        Echo, Tools, Json, Reasoning, Image, Embeddings, Rerank, Silent, Refused, Reset, ContextLengthError, Truncated, Malformed, MidstreamError,
        UsageMissing, ContentFilter, Length,
    ];
}

/// <summary>A parsed model name.</summary>
/// <param name="Script">One of <see cref="ScriptedModels"/>.</param>
/// <param name="Delay">Pause before the first token.</param>
/// <param name="Status">Status of an error; 0: none.</param>
internal sealed record ScriptedModel(string Script, TimeSpan Delay = default, int Status = 0)
{
    private const int MaxDelayMs = 3_600_000;

    /// <summary>Reads a name; null: no such script.</summary>
    public static ScriptedModel? Parse(string name)
    {
        if (ScriptedModels.Fixed.Contains(name)) return new ScriptedModel(name);
        if (Number(name, ScriptedModels.Slow, "ms") is { } delay and <= MaxDelayMs)
            return new ScriptedModel(ScriptedModels.Slow, Delay: TimeSpan.FromMilliseconds(delay));
        if (Number(name, ScriptedModels.Error, "") is { } status and >= 400 and <= 599) return new ScriptedModel(ScriptedModels.Error, Status: status);
        return null;
    }

    private static int? Number(string name, string prefix, string suffix) =>
        name.Length > prefix.Length + suffix.Length && name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(suffix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(prefix.Length, name.Length - prefix.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture,
            out var number)
            ? number : null;
}
