using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Core.Routing.Operations;

/// <summary>
/// Reranking: a query and documents in, the relevance of each document out. The query is read with each document, so that the text of the request counts
/// it as often. Providers charge tokens, or search units of up to 100 documents, of which a long one counts as several.
/// </summary>
internal sealed class RerankOperation() : InputOperation("rerank", "rerank")
{
    private const int DocumentsPerUnit = 100;

    /// <summary>Bytes of a piece that a provider counts as a document of its own; providers say 500 tokens, and no token is less than a byte.</summary>
    private const int LeastPiece = 500;

    // Providers cut what is too long.
    public override Misfit? Misfit(Endpoint endpoint, RequestFacts request) => null;

    public override TokenUsage EstimateSent(RequestFacts request) => new()
    {
        Input = request.EstimatedPromptTokens,
        SearchUnits = Units(request.PromptCount),
    };

    protected override long MostBytes(RequestFacts request, int bodyBytes) => bodyBytes + request.TextBytes;

    protected override int MostSearchUnits(RequestFacts request) => Units(request.PromptCount + request.TextBytes / LeastPiece);

    private static int Units(long documents) => (int)Math.Min((documents + DocumentsPerUnit - 1) / DocumentsPerUnit, int.MaxValue);
}
