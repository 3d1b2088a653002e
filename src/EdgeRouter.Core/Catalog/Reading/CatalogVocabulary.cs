using System.Collections.Frozen;

namespace EdgeRouter.Core.Catalog.Reading;

/// <summary>The closed vocabularies of catalog files, and the checks of their names.</summary>
internal static class CatalogVocabulary
{
    public static readonly FrozenSet<string> InputModalities = Set("text", "image", "file", "audio", "video");

    public static readonly FrozenSet<string> OutputModalities =
        Set("text", "image", "audio", "video", "embeddings", "rerank", "speech", "transcription", "decisions");

    public static readonly FrozenSet<string> Quantizations =
        Set("int4", "int8", "fp4", "mxfp4", "nvfp4", "fp6", "fp8", "mxfp8", "fp16", "bf16", "fp32", "unknown");

    public static readonly FrozenDictionary<string, CachedTokenCounting> CachedTokenCountings = new Dictionary<string, CachedTokenCounting>
    {
        ["inside_prompt"] = CachedTokenCounting.InsidePrompt,
        ["inside_prompt_top_level"] = CachedTokenCounting.InsidePromptTopLevel,
        ["prompt_cache_hit_tokens"] = CachedTokenCounting.PromptCacheHitTokens,
        ["beside_input"] = CachedTokenCounting.BesideInput,
        ["not_reported"] = CachedTokenCounting.NotReported,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, AssistantPrefill> Prefills = new Dictionary<string, AssistantPrefill>
    {
        ["none"] = AssistantPrefill.None,
        ["plain"] = AssistantPrefill.Plain,
        ["prefix"] = AssistantPrefill.Prefix,
        ["continue_final_message"] = AssistantPrefill.ContinueFinalMessage,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenSet<string> PrefillNames = Prefills.Keys.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Lower case letters, digits and <c>. - _ : +</c> in parts joined by slashes, none of them empty.</summary>
    public static bool IsSlug(string text)
    {
        var previous = '/';
        foreach (var c in text)
        {
            var allowed = char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || (previous != '/' && c is '/' or '.' or '-' or '_' or ':' or '+');
            if (!allowed || (c == '/' && previous == '/')) return false;
            previous = c;
        }
        return previous != '/';
    }

    /// <summary>Exactly <c>author/slug</c>.</summary>
    public static bool IsModelId(string text) => IsSlug(text) && text.IndexOf('/') is > 0 and var slash && text.IndexOf('/', slash + 1) < 0;

    /// <summary><c>YYYY</c>, <c>YYYY-MM</c> or <c>YYYY-MM-DD</c>.</summary>
    public static bool IsDate(string text) =>
        text.Length is 4 or 7 or 10 && DateOnly.TryParseExact(text + "-01-01"[..(10 - text.Length)], "yyyy-MM-dd", out _);

    /// <summary>Two capital letters.</summary>
    public static bool IsCountry(string text) => text.Length == 2 && char.IsAsciiLetterUpper(text[0]) && char.IsAsciiLetterUpper(text[1]);

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);
}
