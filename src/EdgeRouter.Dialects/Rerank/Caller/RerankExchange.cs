using System.Buffers;
using System.Globalization;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.OpenAIChat.Requests;
using EdgeRouter.Dialects.OpenAIChat.Requests.Writing;
using EdgeRouter.Dialects.Rerank.Caller.Answers;
using EdgeRouter.Dialects.Rerank.Requests;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Rerank.Caller;

/// <summary>The exchange with a provider: the body is spliced, the scores are read, and the documents come from the caller's body.</summary>
internal sealed class RerankExchange(RerankRequest request, RerankScan scan, IProviderWire wire, WireTarget target) : IExchange
{
    public string Path => target.PathOf(wire);

    public WireTransport Transport => wire.Transport;

    public ValueTask WriteRequestAsync(IBufferWriter<byte> output, ICollection<string> dropped, IMediaInliner media, CancellationToken cancellationToken)
    {
        // A provider in the operator's network would fetch it from where callers must not reach.
        if (scan.DocumentWithUrl is { } index && media.KeepsUrlsFrom(target.Endpoint.Provider))
        {
            throw new RouterException(RouterError.InvalidField(string.Create(CultureInfo.InvariantCulture, $"documents[{index}].image"),
                "expected base64 or a data: URL: this provider fetches no others"));
        }
        OpenAIChatRequestSplicer.Write(scan, RerankMembers.Table, new OpenAIChatMemberOutput(target, wire.Carries, output, dropped));
        return default;
    }

    public IStreamTranscoder CreateStreamTranscoder(AnswerHeader header, string? contentType) =>
        throw new NotSupportedException("Rerankings are not streamed.");

    public IResponseTranscoder CreateResponseTranscoder(AnswerHeader header, string? contentType) => new RerankTranscoder(request, header);
}
