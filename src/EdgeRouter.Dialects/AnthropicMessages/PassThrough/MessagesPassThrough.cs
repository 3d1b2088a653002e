using System.Buffers;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Caller;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Requests;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.AnthropicMessages.PassThrough;

/// <summary>
/// The pass-through exchange: caller and provider both speak Anthropic's Messages. The body is spliced, the answer patched. A body that needs more than
/// splicing is written through the content model; its answer is still patched.
/// </summary>
internal sealed class MessagesPassThrough(MessagesRequest request, MessagesScan scan, IConversationWire wire, WireTarget target) : IExchange
{
    public string Path => target.PathOf(wire);

    public WireTransport Transport => wire.Transport;

    public IReadOnlyList<KeyValuePair<string, string>> Headers => request.Headers;

    public ValueTask WriteRequestAsync(IBufferWriter<byte> output, ICollection<string> dropped, IMediaInliner media, CancellationToken cancellationToken)
    {
        if (MessagesSplicer.CanSplice(scan, target) && (scan.MediaCount == 0 || !media.KeepsUrlsFrom(target.Endpoint.Provider)))
        {
            MessagesSplicer.Write(scan, target, output, dropped);
            return default;
        }
        if (scan.RequiredFor is { } what)
            throw new RouterException(new RouterError(400, ErrorTypes.InvalidRequest,
                $"{target.Endpoint.Provider.Name} needs a changed request, in which there is no place for {what}."));
        return new CanonicalExchange(request, wire, target).WriteRequestAsync(output, dropped, media, cancellationToken);
    }

    public IStreamTranscoder CreateStreamTranscoder(AnswerHeader header, string? contentType) => new MessagesStreamPatcher(header);

    public IResponseTranscoder CreateResponseTranscoder(AnswerHeader header, string? contentType) => new MessagesResponsePatcher(header);
}
