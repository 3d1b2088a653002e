using EdgeRouter.Dialects.OpenAIChat.Requests;

namespace EdgeRouter.Dialects.Rerank.Requests;

/// <summary>What one pass over the body of a request for reranking found. Read-only once scanned.</summary>
internal sealed class RerankScan : OpenAIChatScan
{
    /// <summary>Bytes of <c>query</c>.</summary>
    public int QueryBytes { get; set; }

    /// <summary><c>top_n</c>; null: not given.</summary>
    public int? TopN { get; set; }

    /// <summary>Where the documents are in the body. A string's range has its quotes.</summary>
    public List<Range> Documents { get; } = [];

    /// <summary>The first document with an image at a URL that is to be fetched; null: none.</summary>
    public int? DocumentWithUrl { get; set; }
}
