using System.Buffers;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.OpenAIResponses.Caller;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Requests;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Streaming;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIResponses.PassThrough;

/// <summary>
/// The pass-through exchange: caller and provider both speak Responses. The body is spliced, and what only this API has passes in both directions. A body
/// that needs more than splicing is written through the content model.
/// </summary>
internal sealed class ResponsesPassThrough(ResponsesRequest request, ResponsesScan scan, IConversationWire wire, WireTarget target) : IExchange
{
    private bool isSpliced;

    public string Path => target.PathOf(wire);

    public WireTransport Transport => wire.Transport;

    public ValueTask WriteRequestAsync(IBufferWriter<byte> output, ICollection<string> dropped, IMediaInliner media, CancellationToken cancellationToken)
    {
        isSpliced = ResponsesSplicer.CanSplice(scan, target) && (scan.MediaCount == 0 || !media.KeepsUrlsFrom(target.Endpoint.Provider));
        if (isSpliced)
        {
            ResponsesSplicer.Write(scan, target, output, dropped);
            return default;
        }
        if (scan.RequiredFor is { } what)
            throw new RouterException(new RouterError(400, ErrorTypes.InvalidRequest,
                $"{target.Endpoint.Provider.Name} needs a changed request, in which there is no place for {what}."));
        return new CanonicalExchange(request, wire, target).WriteRequestAsync(output, dropped, media, cancellationToken);
    }

    public IStreamTranscoder CreateStreamTranscoder(AnswerHeader header, string? contentType) =>
        new ResponsesStreamPatcher(new ResponsesStreamWriter(header, request.Asked(isSpliced)));

    public IResponseTranscoder CreateResponseTranscoder(AnswerHeader header, string? contentType) =>
        new ResponsesResponsePatcher(header, request.Asked(isSpliced));
}
