using EdgeRouter.Dialects.OpenAIChat.Requests;

namespace EdgeRouter.Dialects.Embeddings.Requests;

/// <summary>What one pass over the body of a request for embeddings found. Read-only once scanned.</summary>
internal sealed class EmbeddingsScan : OpenAIChatScan
{
    /// <summary>Whether the inputs are lists of token ids.</summary>
    public bool HasTokens { get; set; }

    /// <summary><c>encoding_format</c>: whether the caller wants base64.</summary>
    public bool WantsBase64 { get; set; }

    /// <summary><c>dimensions</c>; null: not given.</summary>
    public int? Dimensions { get; set; }

    /// <summary><c>input_type</c>; null: not given.</summary>
    public string? InputType { get; set; }
}
