using System.Text.Json;
using EdgeRouter.Dialects.OpenAIChat.Requests;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Dialects.Validation;
using Shared = EdgeRouter.Dialects.OpenAIChat.Requests.OpenAIChatRequestMembers;

namespace EdgeRouter.Dialects.Rerank.Requests;

/// <summary>The top-level members of a request for reranking. What is not in the table is unknown and goes to the provider as it is.</summary>
internal static class RerankMembers
{
    /// <summary><c>query</c>.</summary>
    public static readonly OpenAIChatMember Query = Copied("query", new StringShape(min: 1) { CountsAsText = true }) with
    {
        Note = static (found, value) => Scan(found).QueryBytes = value.Length,
    };

    /// <summary><c>documents</c>.</summary>
    public static readonly OpenAIChatMember Documents = Copied("documents",
        new ArrayShape(new RerankDocumentShape(), "expected a non-empty array of documents", RequestBounds.Documents, min: 1)) with
    {
        Note = static (found, _) => found.PromptCount = Scan(found).Documents.Count,
    };

    /// <summary>The members by key. The router adds the documents to the answer itself, so that nobody need send them back.</summary>
    public static readonly RequestMemberTable<OpenAIChatMember> Table = new(Shared.Unknown,
    [
        Shared.Model,
        Query,
        Documents,
        Copied("top_n", new IntegerShape(1, int.MaxValue).OrNull()) with
        {
            Note = static (found, value) => Scan(found).TopN = CheckedValues.Integer(value),
        },
        new("return_documents", MemberAudience.Router, CommonShapes.Flag.OrNull()),
        new("stream", MemberAudience.Router, new TokenShape("rerankings are not streamed; expected false", (JsonTokenType.False, AnyShape.Instance)).OrNull()),
        Shared.User,
        .. RouterRequestMembers.ForRouterOnly.Select(shared => new OpenAIChatMember(shared)),
    ]);

    private static OpenAIChatMember Copied(string name, RequestShape shape) => new(name, MemberAudience.Both, shape) { IsCopied = true };

    private static RerankScan Scan(ScannedRequest found) => (RerankScan)found;
}
