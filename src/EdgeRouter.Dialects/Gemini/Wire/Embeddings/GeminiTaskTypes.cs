namespace EdgeRouter.Dialects.Gemini.Wire.Embeddings;

/// <summary>The provider's task types, by the words that callers have for what an input is. Pure.</summary>
internal static class GeminiTaskTypes
{
    private static readonly string[] Own =
    [
        "RETRIEVAL_QUERY", "RETRIEVAL_DOCUMENT", "SEMANTIC_SIMILARITY", "CLASSIFICATION", "CLUSTERING", "QUESTION_ANSWERING", "FACT_VERIFICATION",
        "CODE_RETRIEVAL_QUERY",
    ];

    /// <summary>The task type; null: none is given, or the provider has none for it.</summary>
    public static string? Of(string? inputType) => inputType?.ToUpperInvariant() switch
    {
        null => null,
        "QUERY" or "SEARCH_QUERY" => "RETRIEVAL_QUERY",
        "DOCUMENT" or "PASSAGE" or "SEARCH_DOCUMENT" => "RETRIEVAL_DOCUMENT",
        "SIMILARITY" => "SEMANTIC_SIMILARITY",
        var own => Array.Find(Own, type => type == own),
    };
}
