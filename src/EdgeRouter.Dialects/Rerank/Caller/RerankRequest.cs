using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.Rerank.Requests;
using EdgeRouter.Dialects.Validation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Rerank.Caller;

/// <summary>A request for reranking. Its body is passed through: providers agree on the request, and differ in their answers.</summary>
public sealed class RerankRequest : CallerRequest
{
    private readonly RerankScan scan;

    private RerankRequest(RerankScan scan) : base(scan, scan.Body.Length) => this.scan = scan;

    /// <summary>How many results are asked for.</summary>
    public int ResultCount => Math.Min(scan.TopN ?? int.MaxValue, scan.PromptCount);

    /// <summary>Reads a body.</summary>
    /// <exception cref="RouterException">400 naming the member (or position, for malformed JSON) and what was expected.</exception>
    internal static RerankRequest Read(ReadOnlyMemory<byte> body)
    {
        var found = new RerankScan();
        OpenAIChatRequestScanner.Scan(body, RerankMembers.Table, found);
        Require(found, RerankMembers.Query);
        Require(found, RerankMembers.Documents);
        found.Operation = Operation.Rerank;
        // The query is read with each document.
        found.TextBytes += (long)found.QueryBytes * (found.PromptCount - 1);
        return new RerankRequest(found);
    }

    /// <inheritdoc/>
    public override IExchange CreateExchange(IProviderWire wire, Endpoint endpoint) =>
        new RerankExchange(this, scan, wire, new WireTarget(endpoint, Operation.Rerank, Stream: false) { Fields = OpenAIChatFields.Instance });

    /// <summary>The bytes of a document in the caller's body. Only until <see cref="CallerRequest.Forget"/>.</summary>
    internal ReadOnlySpan<byte> Document(int index) => scan.Body.Span[scan.Documents[index]];

    private static void Require(RerankScan found, RequestMember member)
    {
        if (!found.TryGet(member, out _)) throw new RouterException(RouterError.InvalidField(member.Name, "required, " + member.Shape.Expected));
    }
}
